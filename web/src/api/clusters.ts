import { mutationOptions, type QueryClient } from "@tanstack/react-query";
import { z } from "zod";
import {
  type Cluster,
  type CreateCluster,
  clusterListSchema,
  clusterSchema,
  clusterTestSchema,
} from "../../../automation-api/contract/cluster.ts";
import { call } from "./client.ts";
import { pagesOf } from "./pages.ts";
import { platformQuery } from "./platform.ts";

const PATH = "/platform/clusters";
const KEY = ["clusters"] as const;
const pathOf = (name: string) => `${PATH}/${encodeURIComponent(name)}`;

/** Registered clusters; for administrators of the platform. */
export const clustersQuery = { ...pagesOf(KEY, () => PATH, clusterListSchema), refetchInterval: 30_000 };

/** Whoever creates a store may choose among them. */
const refresh = (client: QueryClient) => async () => {
  const keys = [KEY, platformQuery.queryKey];
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
};

export const addClusterMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (body: CreateCluster) => call(PATH, clusterSchema, { method: "POST", body }),
    onSettled: refresh(client),
  });

/** Lets it take new stores, or none. */
export const drainClusterMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: ({ name, version, state }: Pick<Cluster, "name" | "version" | "state">) =>
      call(pathOf(name), clusterSchema, { method: "PATCH", body: { state }, ifMatch: `"${version}"` }),
    onSettled: refresh(client),
  });

export const testClusterMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (name: string) => call(`${pathOf(name)}/test`, clusterTestSchema, { method: "POST" }),
    onSettled: refresh(client),
  });

export const removeClusterMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (name: string) => call(pathOf(name), z.unknown(), { method: "DELETE" }),
    onSettled: refresh(client),
  });
