/** A secret of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
export const WEBHOOK_SECRET = /^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Error of a text that is not a secret. */
export const WEBHOOK_SECRET_FAULT = 'must be whsec_ and the base64 of 24 to 64 bytes';
