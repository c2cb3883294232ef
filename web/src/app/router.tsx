import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import { storeQuery } from "../api/get-store.ts";
import { takeInvitation } from "../api/invitation-memory.ts";
import { storesQuery } from "../api/list-stores.ts";
import { overviewQuery } from "../api/overview.ts";
import { platformQuery } from "../api/platform.ts";
import { Loading } from "../components/faces.tsx";
import { parseProblem } from "../components/sign-in-problems.ts";
import { load } from "./load.ts";
import { PageCrash } from "./page-crash.tsx";
import { Shell } from "./shell.tsx";
import { filterOf, parseStoresSearch } from "./stores-search.ts";

// Every page is a file of its own that is loaded when it is come to; its data is asked for at the same time.

interface RouterContext {
  readonly queryClient: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet });

const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });

const overview = createRoute({
  getParentRoute: () => shell,
  path: "/",
  loader: ({ context: { queryClient } }) => {
    void queryClient.prefetchQuery(overviewQuery);
    void queryClient.prefetchQuery(platformQuery);
  },
  component: lazyRouteComponent(() => load(() => import("../pages/overview/overview-page.tsx")), "OverviewPage"),
});

const stores = createRoute({
  getParentRoute: () => shell,
  path: "/stores",
  validateSearch: parseStoresSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queryClient }, deps }) => void queryClient.prefetchInfiniteQuery(storesQuery(filterOf(deps))),
  component: lazyRouteComponent(() => load(() => import("../pages/stores/stores-page.tsx")), "StoresPage"),
});

const store = createRoute({
  getParentRoute: () => shell,
  path: "/stores/$name",
  loader: ({ context: { queryClient }, params }) => void queryClient.prefetchQuery(storeQuery(params.name)),
  component: lazyRouteComponent(() => load(() => import("../pages/store/store-page.tsx")), "StorePage"),
});

// Not below /stores: a store may be called "new" or "create".
const createStore = createRoute({
  getParentRoute: () => shell,
  path: "/create",
  loader: ({ context: { queryClient } }) => void queryClient.prefetchQuery(platformQuery),
  component: lazyRouteComponent(
    () => load(() => import("../pages/create-store/create-store-page.tsx")),
    "CreateStorePage",
  ),
});

const people = createRoute({
  getParentRoute: () => shell,
  path: "/people",
  component: lazyRouteComponent(() => load(() => import("../pages/people/people-page.tsx")), "PeoplePage"),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: "/account",
  component: lazyRouteComponent(() => load(() => import("../pages/account/account-page.tsx")), "AccountPage"),
});

const keys = createRoute({
  getParentRoute: () => shell,
  path: "/keys",
  component: lazyRouteComponent(() => load(() => import("../pages/keys/keys-page.tsx")), "KeysPage"),
});

const webhooks = createRoute({
  getParentRoute: () => shell,
  path: "/webhooks",
  component: lazyRouteComponent(() => load(() => import("../pages/webhooks/webhooks-page.tsx")), "WebhooksPage"),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  component: lazyRouteComponent(() => load(() => import("../pages/audit/audit-page.tsx")), "AuditPage"),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => load(() => import("../pages/settings/settings-page.tsx")), "SettingsPage"),
});

const clusters = createRoute({
  getParentRoute: () => shell,
  path: "/clusters",
  component: lazyRouteComponent(() => load(() => import("../pages/clusters/clusters-page.tsx")), "ClustersPage"),
});

const measures = createRoute({
  getParentRoute: () => shell,
  path: "/measures",
  component: lazyRouteComponent(() => load(() => import("../pages/measures/measures-page.tsx")), "MeasuresPage"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(() => load(() => import("../pages/invitation/invitation-page.tsx")), "InvitationPage"),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  component: lazyRouteComponent(() => load(() => import("../pages/sign-up/sign-up-page.tsx")), "SignUpPage"),
});

// Where everybody comes to who has just signed in.
const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  beforeLoad: () => {
    const token = takeInvitation();
    if (token === undefined) throw redirect({ to: "/", replace: true });
    throw redirect({ to: "/invitation", hash: `token=${token}`, replace: true });
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: parseProblem,
  component: lazyRouteComponent(() => load(() => import("../pages/sign-in/sign-in-page.tsx")), "SignInPage"),
});

const notFound = createRoute({
  getParentRoute: () => shell,
  path: "$",
  component: lazyRouteComponent(() => load(() => import("../pages/not-found/not-found-page.tsx")), "NotFoundPage"),
});

const pages = [
  overview,
  stores,
  store,
  createStore,
  people,
  account,
  keys,
  webhooks,
  audit,
  settings,
  clusters,
  measures,
  notFound,
] as const;
const routeTree = root.addChildren([shell.addChildren(pages), signIn, signUp, welcome, invitation]);

export function createAppRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    context: { queryClient },
    // What no page knows is no part of an address.
    search: { strict: true },
    defaultPreload: "intent",
    // The query client decides what is fresh.
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 150,
    defaultPendingComponent: () => <Loading what="the page" lines={3} height={120} />,
    defaultErrorComponent: PageCrash,
    scrollRestoration: true,
    ...(history === undefined ? {} : { history }),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
