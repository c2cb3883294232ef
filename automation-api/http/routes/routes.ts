import type { Route } from "../route.ts";
import { accountRoutes } from "./account-routes.ts";
import { auditRoutes } from "./audit-routes.ts";
import { clusterRoutes } from "./cluster-routes.ts";
import { invitationRoutes } from "./invitation-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { everyPeopleRoute } from "./member-routes.ts";
import { openSessionRoutes } from "./open-session-routes.ts";
import { operationRoutes } from "./operation-routes.ts";
import { organizationRoutes } from "./organization-routes.ts";
import { platformRoutes } from "./platform-routes.ts";
import type { Services } from "./services.ts";
import { sessionRoutes } from "./session-routes.ts";
import { settingsRoutes } from "./settings-routes.ts";
import { signInRoutes } from "./sign-in-routes.ts";
import { storeRoutes } from "./store-routes.ts";
import { webhookRoutes } from "./webhook-routes.ts";

/** The one table of everything below `/api/v1`. */
export function createRoutes(services: Services): readonly Route[] {
  return [
    ...storeRoutes(services),
    ...operationRoutes(services),
    ...platformRoutes(services),
    ...clusterRoutes(services),
    ...signInRoutes(services),
    ...sessionRoutes(services),
    ...accountRoutes(services),
    ...organizationRoutes(services),
    ...everyPeopleRoute(services),
    ...invitationRoutes(services),
    ...keyRoutes(services),
    ...openSessionRoutes(services),
    ...auditRoutes(services),
    ...settingsRoutes(services),
    ...webhookRoutes(services),
  ];
}
