import type { Server } from "@grpc/grpc-js";
import grpc from "@grpc/grpc-js";
import type { IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProtocol from "@pulumi/pulumi/proto/engine_pb.js";
import type { IResourceMonitorServer } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import service from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import protocol from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Diagnostics } from "./deployment/diagnostics.ts";
import { type Executor, StepFailure } from "./deployment/executor.ts";
import type { Registrar } from "./deployment/registrar.ts";
import type { Step } from "./deployment/step.ts";
import type { Severity } from "./events.ts";
import { fromStruct, toStruct } from "./marshal.ts";
import { refuse } from "./problem.ts";
import { goalOf, readGoalOf } from "./requests.ts";
import { channelOptions, Stopping, unary } from "./rpc.ts";
import { STACK_TYPE } from "./urn.ts";
import type { Properties } from "./values.ts";

const features = protocol.ResourceMonitorFeature;

/** What the SDK may rely on. Anything not here it refuses by itself, with a message naming the option. */
const SUPPORTED = new Map([
  ["secrets", features.RESOURCE_MONITOR_FEATURE_SECRETS],
  ["resourceReferences", features.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES],
  ["aliasSpecs", features.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS],
  ["deletedWith", features.RESOURCE_MONITOR_FEATURE_DELETED_WITH],
  ["invokeDependsOn", features.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON],
]);

const SEVERITIES: readonly Severity[] = ["debug", "info", "warning", "error"];

export interface MonitorParts {
  readonly registrar: Registrar;
  readonly executor: Executor;
  readonly diagnostics: Diagnostics;
  readonly projectFolder: string;
  /** Answers functions of packages, such as reading another stack's outputs. */
  readonly invoke: (token: string, inputs: Properties) => Promise<Properties>;
}

/** The stack's outputs, kept until it is known whether the update succeeded. */
export interface StackOutputs {
  readonly step: Step;
  readonly outputs: Properties;
}

/** The two services a running program talks to: it registers resources and says things to the person. */
export class Monitor {
  readonly server: Server;
  stackOutputs: StackOutputs | undefined;
  readonly #parts: MonitorParts;
  readonly #packages = new Map<string, { version: string; downloadUrl: string }>();
  #rootUrn = "";
  #running = 0;
  #idle: (() => void)[] = [];

  constructor(parts: MonitorParts) {
    this.#parts = parts;
    this.server = new grpc.Server(channelOptions);
    this.server.addService(service.ResourceMonitorService, this.#resourceMonitor());
    this.server.addService(engineService.EngineService, this.#engine());
  }

  /** Returns once nothing the program asked for is under way. */
  async settled(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #resourceMonitor(): IResourceMonitorServer {
    const nothing = () => new empty.Empty();
    return {
      getDeploymentInfo: unary(async () => {
        return new protocol.DeploymentInfo().setSupportedfeaturesList([...SUPPORTED.values()]);
      }),
      supportsFeature: unary(async (request) => {
        return new protocol.SupportsFeatureResponse().setHassupport(SUPPORTED.has(request.getId()));
      }),
      registerResource: unary((request) => this.#guarded(() => this.#register(request))),
      registerResourceOutputs: unary((request) => this.#guarded(() => this.#registerOutputs(request))),
      readResource: unary((request) => this.#guarded(() => this.#read(request))),
      invoke: unary(async (request) => {
        const outputs = await this.#parts.invoke(request.getTok(), fromStruct(request.getArgs()));
        return new protocol.ResourceInvokeResponse().setReturn(toStruct(outputs));
      }),
      registerPackage: unary(async (request) => {
        if (request.hasParameterization()) throw refuse(`The parameterized package '${request.getName()}'`);
        const reference = `${request.getName()}@${request.getVersion()}`;
        this.#packages.set(reference, { version: request.getVersion(), downloadUrl: request.getDownloadUrl() });
        return new protocol.RegisterPackageResponse().setRef(reference);
      }),
      // Nothing of the program is needed after it has ended, so it may go at once.
      signalAndWaitForShutdown: unary(async () => nothing()),
      call: unary(async (request) => Promise.reject(refuse(`The method ${request.getTok()}`))),
      existsResource: unary(async () => Promise.reject(refuse("Asking whether a resource exists"))),
      registerStackTransform: unary(async () => Promise.reject(refuse("The stack option 'transforms'"))),
      registerStackInvokeTransform: unary(async () => Promise.reject(refuse("The stack option 'invokeTransforms'"))),
      registerResourceHook: unary(async () => Promise.reject(refuse("The resource option 'hooks'"))),
      registerErrorHook: unary(async () => Promise.reject(refuse("The resource option 'hooks.onError'"))),
    };
  }

  #engine(): IEngineServer {
    return {
      log: unary(async (request) => {
        const about = { urn: request.getUrn(), ephemeral: request.getEphemeral(), streamId: request.getStreamid() };
        this.#parts.diagnostics.log(SEVERITIES[request.getSeverity()] ?? "info", request.getMessage(), about);
        return new empty.Empty();
      }),
      getRootResource: unary(async () => new engineProtocol.GetRootResourceResponse().setUrn(this.#rootUrn)),
      setRootResource: unary(async (request) => {
        this.#rootUrn = request.getUrn();
        return new engineProtocol.SetRootResourceResponse();
      }),
      startDebugging: unary(async () => Promise.reject(refuse("Attaching a debugger"))),
      requirePulumiVersion: unary(async () => new engineProtocol.RequirePulumiVersionResponse()),
    };
  }

  /** Keeps count of what runs, and ends the program quietly once something has failed. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await work();
    } catch (error) {
      if (error instanceof StepFailure) throw new Stopping();
      this.#parts.executor.fail(error instanceof Error ? error.message : String(error));
      throw new Stopping();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  async #register(request: InstanceType<typeof protocol.RegisterResourceRequest>) {
    const known = this.#packages.get(request.getPackageref());
    if (known !== undefined) request.setVersion(known.version).setPlugindownloadurl(known.downloadUrl);
    const resource = await this.#parts.registrar.register(goalOf(request, this.#parts.projectFolder));
    return new protocol.RegisterResourceResponse()
      .setUrn(resource.urn)
      .setId(resource.id)
      .setObject(toStruct(resource.outputs));
  }

  async #registerOutputs(request: InstanceType<typeof protocol.RegisterResourceOutputsRequest>) {
    const step = this.#parts.registrar.registration(request.getUrn());
    if (step === undefined)
      throw new Error(`cannot complete a resource '${request.getUrn()}' whose registration isn't pending`);
    const outputs = fromStruct(request.getOutputs());
    if (step.new?.type === STACK_TYPE) this.stackOutputs = { step, outputs };
    else this.#parts.executor.registered(step, outputs);
    return new empty.Empty();
  }

  async #read(request: InstanceType<typeof protocol.ReadResourceRequest>) {
    const goal = readGoalOf(request, this.#parts.projectFolder);
    const known = this.#packages.get(request.getPackageref());
    const resource = await this.#parts.registrar.read(
      known === undefined ? goal : { ...goal, version: known.version, pluginDownloadUrl: known.downloadUrl },
      request.getId(),
    );
    return new protocol.ReadResourceResponse().setUrn(resource.urn).setProperties(toStruct(resource.outputs));
  }
}
