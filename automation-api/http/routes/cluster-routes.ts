import { z } from "zod";
import {
  type Cluster,
  changeClusterSchema,
  clusterListSchema,
  clusterSchema,
  clusterTestSchema,
  createClusterSchema,
} from "../../contract/cluster.ts";
import { pageQuerySchema } from "../../contract/page.ts";
import {
  addCluster,
  changeCluster,
  readCluster,
  readClusters,
  removeCluster,
  type SeenCluster,
  testCluster,
} from "../../use-cases/clusters.ts";
import { reachedBy } from "../caller.ts";
import { etagDescription, etagOf, ifMatchHeaders, seenTag } from "../if-match.ts";
import { type Asked, type Reply, type Route, route } from "../route.ts";
import type { Services } from "./services.ts";

const tag = "Platform";
const path = "/api/v1/platform/clusters";
const onePath = `${path}/:name`;
const params = z.object({ name: z.string().meta({ description: "Name of the cluster." }) });
const described = { description: "The cluster.", schema: clusterSchema, headers: etagDescription };

function reply(body: Cluster, status = 200): Reply {
  return { status, body, headers: etagOf(body.version) };
}

function seenOf(asked: Asked<{ name: string }>): SeenCluster {
  return { name: asked.params.name, seen: seenTag(asked) };
}

function dependenciesOf({ connection, clusters, sealer, config }: Services) {
  return { connection, clusters, sealer, publicOrigin: config.publicOrigin };
}

function collectionRoutes(services: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path,
      summary: "List the registered clusters; for platform administrators",
      description: "The home cluster, that of the service's own configuration, is always there and not in the list.",
      tag,
      query: pageQuerySchema,
      answers: { 200: { description: "One page, by name.", schema: clusterListSchema } },
      problems: [],
      handle: async ({ query }) => ({ status: 200, body: await readClusters(services.connection, query) }),
    }),
    route({
      method: "post",
      path,
      summary: "Register a cluster; for platform administrators",
      description: "Its kubeconfig is kept encrypted and never shown again. It may name neither programs nor files.",
      tag,
      body: createClusterSchema,
      answers: { 201: described },
      problems: [409],
      handle: async (asked) =>
        reply(await addCluster(dependenciesOf(services), reachedBy(asked).actor, asked.body), 201),
    }),
  ];
}

function oneRoutes(services: Services): readonly Route[] {
  const { connection } = services;
  return [
    route({
      method: "get",
      path: onePath,
      summary: "One registered cluster; for platform administrators",
      tag,
      params,
      answers: { 200: described },
      problems: [404],
      handle: async (asked) => reply(await readCluster(connection, asked.params.name)),
    }),
    route({
      method: "patch",
      path: onePath,
      summary: "Change a cluster, or drain it; for platform administrators",
      tag,
      params,
      headers: ifMatchHeaders,
      body: changeClusterSchema,
      answers: { 200: described },
      problems: [404, 409, 412],
      handle: async (asked) =>
        reply(await changeCluster(dependenciesOf(services), reachedBy(asked).actor, seenOf(asked), asked.body)),
    }),
    route({
      method: "delete",
      path: onePath,
      summary: "Forget a cluster in which no store runs; for platform administrators",
      tag,
      params,
      headers: ifMatchHeaders,
      answers: { 204: { description: "It is forgotten, and how it is reached." } },
      problems: [404, 409, 412],
      handle: async (asked) => {
        await removeCluster(connection, reachedBy(asked).actor, seenOf(asked));
        return { status: 204 };
      },
    }),
    route({
      method: "post",
      path: `${onePath}/test`,
      summary: "Look whether a cluster answers and has what stores need; for platform administrators",
      tag,
      params,
      answers: { 200: { description: "What was found.", schema: clusterTestSchema } },
      problems: [404],
      handle: async (asked) => ({ status: 200, body: await testCluster(services, asked.params.name) }),
    }),
  ];
}

export function clusterRoutes(services: Services): readonly Route[] {
  return [...collectionRoutes(services), ...oneRoutes(services)];
}
