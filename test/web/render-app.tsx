import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { onTestFinished, vi } from "vitest";
import { Providers } from "../../web/src/app/providers.tsx";
import { createQueryClient } from "../../web/src/app/query-client.ts";
import { createAppRouter } from "../../web/src/app/router.tsx";
import { EventSourceContext } from "../../web/src/components/event-source.ts";
import { createFakeApi, type FakeApi } from "./fake-api.ts";
import { createFakeSources, type FakeSources } from "./fake-event-source.ts";

export interface RenderOptions {
  readonly api?: FakeApi;
  readonly sources?: FakeSources;
}

/** The whole dashboard at an address, with a made-up service behind it. */
export function renderApp(
  path: string,
  { api = createFakeApi(), sources = createFakeSources(api) }: RenderOptions = {},
) {
  vi.stubGlobal("fetch", api.fetch);
  const queryClient = createQueryClient({ retries: 0 });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [path] }));
  const user = userEvent.setup();
  onTestFinished(() => {
    queryClient.clear();
    vi.unstubAllGlobals();
  });
  render(
    <Providers queryClient={queryClient} env="test">
      <EventSourceContext value={sources.open}>
        <RouterProvider router={router} />
      </EventSourceContext>
    </Providers>,
  );
  return { api, sources, queryClient, router, user };
}
