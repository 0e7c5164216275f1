import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as engineProto from "@pulumi/pulumi/proto/engine_pb";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import { DeployError } from "../errors";
import type { OnEvent } from "../events";
import type { Functions } from "../handlers/handler";
import type { Registered, Registration } from "../engine/registration";
import type { Props } from "../engine/values";
import { aliasUrns } from "./aliases";

type Callback<T> = (error: Error | null, response?: T) => void;

/** What the monitor needs of an engine. */
export interface MonitoredEngine {
  register(registration: Registration): Promise<Registered>;
  setOutputs(urn: string, outputs: Props): Promise<void>;
}

export interface MonitorOptions {
  stack: string;
  project: string;
  engine: MonitoredEngine;
  functions: Functions;
  onEvent: OnEvent;
  /** Told of the first failure, after which the program gets no more answers. */
  onFailure(error: unknown): void;
  /** Told of each call and each answer, so that a program that stands still is noticed. */
  onActivity(inFlight: number): void;
}

/**
 * The resource monitor that the Pulumi SDK talks to, in this process instead of over gRPC. After a failure nothing is
 * answered any more: the program is left where it waits, so that one error stays one error and none goes unhandled.
 */
export class Monitor {
  #inFlight = 0;
  #failed = false;

  constructor(private readonly options: MonitorOptions) {}

  getDeploymentInfo(_request: unknown, callback: Callback<resourceProto.DeploymentInfo>): void {
    const info = new resourceProto.DeploymentInfo();
    info.setSupportedfeaturesList([
      resourceProto.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS,
      resourceProto.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
      resourceProto.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    ]);
    callback(null, info);
  }

  registerResource(
    request: resourceProto.RegisterResourceRequest,
    callback: Callback<resourceProto.RegisterResourceResponse>,
  ): void {
    this.#answer(callback, async () => {
      const registered = await this.options.engine.register(this.#registration(request));
      const response = new resourceProto.RegisterResourceResponse();
      response.setUrn(registered.urn);
      response.setId(registered.id ?? "");
      response.setObject(Struct.fromJavaScript(registered.outputs as Parameters<typeof Struct.fromJavaScript>[0]));
      return response;
    });
  }

  registerResourceOutputs(request: resourceProto.RegisterResourceOutputsRequest, callback: Callback<object>): void {
    this.#answer(callback, async () => {
      await this.options.engine.setOutputs(request.getUrn(), (request.getOutputs()?.toJavaScript() ?? {}) as Props);
      return {};
    });
  }

  invoke(request: resourceProto.ResourceInvokeRequest, callback: Callback<resourceProto.ResourceInvokeResponse>): void {
    this.#answer(callback, async () => {
      const token = request.getTok();
      const run = this.options.functions.get(token);
      if (run === undefined) throw unsupported(`the function ${token}`);
      const result = await run((request.getArgs()?.toJavaScript() ?? {}) as Props);
      const response = new resourceProto.ResourceInvokeResponse();
      response.setReturn(Struct.fromJavaScript(result as Parameters<typeof Struct.fromJavaScript>[0]));
      return response;
    });
  }

  call(request: resourceProto.ResourceCallRequest, callback: Callback<object>): void {
    this.#answer(callback, async () => {
      throw unsupported(`the method ${request.getTok()}`);
    });
  }

  readResource(request: resourceProto.ReadResourceRequest, callback: Callback<object>): void {
    this.#answer(callback, async () => {
      throw unsupported(`reading ${request.getName()} (${request.getType()}) with get()`);
    });
  }

  registerPackage(request: resourceProto.RegisterPackageRequest, callback: Callback<object>): void {
    this.#answer(callback, async () => {
      throw unsupported(`the parameterised package ${request.getName()}`);
    });
  }

  /** The part of Pulumi's engine service that a program can reach: its log. */
  log(request: engineProto.LogRequest, callback: Callback<object>): void {
    const severity = request.getSeverity();
    if (severity !== engineProto.LogSeverity.DEBUG) {
      const urn = request.getUrn();
      const level = LEVELS[severity] ?? "info";
      const message = request.getMessage();
      this.options.onEvent({ kind: "diagnostic", level, message, ...(urn === "" ? {} : { urn }) });
    }
    // As with the CLI, a program that logs an error has failed.
    if (severity === engineProto.LogSeverity.ERROR) {
      this.options.onFailure(new DeployError("PROGRAM_FAILED", request.getMessage()));
    }
    // A program that says what it does is not stuck.
    this.options.onActivity(this.#inFlight);
    callback(null, {});
  }

  setRootResource(_request: unknown, callback: Callback<object>): void {
    callback(null, {});
  }

  /** Called by the SDK when it disconnects. */
  close(): void {}

  #answer<T>(callback: Callback<T>, work: () => Promise<T>): void {
    if (!this.#failed) void this.#work(callback, work);
  }

  async #work<T>(callback: Callback<T>, work: () => Promise<T>): Promise<void> {
    this.#count(1);
    try {
      const response = await work();
      if (!this.#failed) callback(null, response);
    } catch (error) {
      this.#failed = true;
      this.options.onFailure(error);
    } finally {
      this.#count(-1);
    }
  }

  #count(change: number): void {
    this.#inFlight += change;
    this.options.onActivity(this.#inFlight);
  }

  /** Stops answering: the run was ended from outside. */
  abandon(): void {
    this.#failed = true;
  }

  #registration(request: resourceProto.RegisterResourceRequest): Registration {
    const name = request.getName();
    refuseOptions(request);
    const parent = request.getParent();
    const { stack, project } = this.options;
    return {
      type: request.getType(),
      name,
      custom: request.getCustom(),
      ...(parent === "" ? {} : { parent }),
      inputs: (request.getObject()?.toJavaScript() ?? {}) as Props,
      dependencies: request.getDependenciesList(),
      propertyDependencies: propertyDependencies(request),
      protect: request.hasProtect() && (request.getProtect() ?? false),
      retainOnDelete: request.hasRetainondelete() && (request.getRetainondelete() ?? false),
      ...(request.getProvider() === "" ? {} : { provider: request.getProvider() }),
      ...(request.getDeletedwith() === "" ? {} : { deletedWith: request.getDeletedwith() }),
      deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      aliases: aliasUrns(request, stack, project),
    };
  }
}

function propertyDependencies(request: resourceProto.RegisterResourceRequest): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    found[property] = dependencies.getUrnsList();
  });
  return found;
}

const LEVELS: Record<number, "info" | "warning" | "error"> = {
  [engineProto.LogSeverity.INFO]: "info",
  [engineProto.LogSeverity.WARNING]: "warning",
  [engineProto.LogSeverity.ERROR]: "error",
};

/** Options of Pulumi that would change what happens and are not built here: refused, never ignored. */
function refuseOptions(request: resourceProto.RegisterResourceRequest): void {
  const used = [
    request.getRemote() && "remote components",
    request.getImportid() !== "" && "the option import",
    request.getReplaceWithList().length > 0 && "the option replaceWith",
    request.getTransformsList().length > 0 && "the option transforms",
    request.hasReplacementTrigger() && "the option replacementTrigger",
  ].filter((option) => option !== false);
  if (used.length > 0) throw unsupported(`${used.join(", ")} (on ${request.getName()}, ${request.getType()})`);
}

function unsupported(what: string): DeployError {
  return new DeployError(
    "BAD_RESOURCE",
    `the embedded deployment does not support ${what}; leave it out, or deploy with the Pulumi CLI`,
  );
}
