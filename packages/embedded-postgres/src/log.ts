/** Receives one line per notable step; `warn` for unexpected events, such as the end of the server. */
export type Log = (message: string, severity?: 'warn') => void;
