export class LiveDto {
  /** @example alive */
  status!: 'alive';
}

export class ReadyDto {
  /** @example healthy */
  status!: 'healthy';
  /** @example connected */
  database!: 'connected';
}

export class UnreadyDto {
  /** @example unhealthy */
  status!: 'unhealthy';
  /** @example disconnected */
  database!: 'connected' | 'disconnected';
  /**
   * Reason why the service is not ready.
   * @example "connect ECONNREFUSED 127.0.0.1:5432"
   */
  reason!: string;
}
