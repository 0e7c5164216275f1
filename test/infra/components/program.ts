import * as pulumi from "@pulumi/pulumi";

/** A resource that a program asked for: exactly its inputs, with what it was told of each Output filled in. */
export interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

export const ACCOUNT = "0123456789abcdef0123456789abcdef";

/** Outputs that a cloud would add; every other output is the input. */
const ADDED: Readonly<Record<string, (name: string) => object>> = {
  "docker:index/image:Image": () => ({ repoDigest: `sha256:${"1".repeat(64)}` }), // a local image's id
  "wandstore:index:RegistryImage": () => ({ ref: `registry.cloudflare.com/${ACCOUNT}/i@sha256:${"d".repeat(64)}` }),
  "random:index/randomPassword:RandomPassword": (name) => ({ result: `made-${name}` }),
  "wandstore:index:WorkersDevUrl": () => ({ url: "https://w.example.workers.dev" }),
  "wandstore:index:WorkerVersion": () => ({ versionId: "version-1" }),
  "wandstore:index:D1Migrations": () => ({ level: "0001_initial.sql" }),
  "wandstore:index:DurableObjectNamespace": () => ({ namespaceId: "namespace-1" }),
  "wandstore:index:ContainerApplication": () => ({ applicationId: "application-1" }),
};

/**
 * Runs a piece of program on Pulumi's own mocks and lists its custom resources. It proves which resources are asked for
 * and with what, not that a cloud would make them.
 */
export async function made<T>(
  stack: string,
  config: Readonly<Record<string, string>>,
  program: () => T | Promise<T>,
): Promise<{ made: Made[]; returned: T }> {
  const list: Made[] = [];
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource({ type, name, inputs, custom }) {
        if (custom === true) list.push({ type, name, inputs: inputs as Record<string, unknown> });
        return { id: `${name}-id`, state: { ...inputs, ...ADDED[type]?.(name) } };
      },
    },
    "wandstore",
    stack,
    false,
  );
  pulumi.runtime.setAllConfig({ ...config });
  const returned = await program();
  await pulumi.runtime.disconnect();
  return { made: list.toSorted((a, b) => (a.name < b.name ? -1 : 1)), returned };
}

/** What an Output holds. */
export const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply((value) => resolve(value as T)));
