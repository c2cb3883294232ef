/** Where the API listens in its pod. */
export const API_PORT = 8090;
/** Where PostgreSQL listens. */
export const DATABASE_PORT = 5432;
/** Where a Vault of the platform's own listens. */
export const VAULT_PORT = 8200;
