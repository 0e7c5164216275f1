import { createProvider, type WandStoreProvider } from "../../../infra/providers/provider";
import { type Answer, type HttpDouble, type Received, startDouble } from "../httpDouble";

export const ACCOUNT = "0123456789abcdef0123456789abcdef";
export const urnOf = (type: string): string =>
  `urn:pulumi:dev::wandstore::wandstore:infra:Parent$wandstore:index:${type}::thing`;

export interface Tested {
  readonly provider: WandStoreProvider;
  readonly double: HttpDouble;
  /** Waits that the provider asked for, milliseconds. */
  readonly waits: number[];
}

/** Our provider against a real HTTP server that answers as the test says. */
export async function testProvider(answer: (request: Received) => Answer, root?: string): Promise<Tested> {
  const waits: number[] = [];
  const double = await startDouble(answer);
  const provider = createProvider({
    baseUrl: double.baseUrl,
    apiToken: "t",
    ...(root === undefined ? {} : { root }),
    sleep: async (ms) => void waits.push(ms),
  });
  return { provider, double, waits };
}

export const NOT_FOUND: Answer = { status: 404, error: { code: 10007, message: "not found" } };
