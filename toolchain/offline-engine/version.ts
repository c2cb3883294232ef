/** Version of Pulumi whose protocols and state format this engine speaks; the SDK in use must accept it. */
export const PULUMI_VERSION = "v3.270.0";

/** Printed by `pulumi version`: a valid semantic version whose build part tells this engine from the real CLI. */
export const VERSION = `${PULUMI_VERSION}+storefleet.offline`;

export const BANNER = `Storefleet offline engine ${VERSION} (not the Pulumi CLI; same stacks, same commands)`;
