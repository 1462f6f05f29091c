/** Receives one line for each noteworthy step; `warn` for what nobody asked for, such as the end of the server. */
export type Log = (message: string, severity?: 'warn') => void;
