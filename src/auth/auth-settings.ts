/** Issuer of tokens (OIDC). */
export interface JwtSettings {
  issuer: string;
  audience: string;
  /** URL of its public keys; undefined: from its metadata. */
  jwksUrl: string | undefined;
  /** Prefix of scope names in tokens. */
  scopePrefix: string;
}

/** Settings of keys and tokens. */
export interface AuthSettings {
  auth: {
    /** Whether requests require a key as soon as one exists. */
    required: boolean;
    /** Additional key with the scope admin. */
    adminKey: string | undefined;
    /** Null: tokens are refused. */
    jwt: JwtSettings | null;
  };
  http: {
    /** Address on which the service listens. */
    host: string;
  };
}

/** Injection token of the settings. */
export const AUTH_SETTINGS = Symbol('AuthSettings');
