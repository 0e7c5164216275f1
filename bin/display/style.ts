import { styleText } from "node:util";
import type { Operation } from "../../local/deploy";

type Format = Parameters<typeof styleText>[0];

/** Colours a text on a terminal, unless NO_COLOR says otherwise; elsewhere it stays as it is. */
export function styled(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout, validateStream: true });
}

/** Whether what was written can be written over: on a terminal that knows how to move its cursor. */
export const canRedraw = (stream: NodeJS.WriteStream): boolean => stream.isTTY && process.env["TERM"] !== "dumb";

/** Sign, colour and words of each operation, as Pulumi shows them. */
export const OPERATIONS: Record<
  Operation,
  { sign: string; format: Format; planned: string; doing: string; done: string }
> = {
  create: { sign: "+", format: "green", planned: "create", doing: "creating", done: "created" },
  update: { sign: "~", format: "yellow", planned: "update", doing: "updating", done: "updated" },
  replace: { sign: "+-", format: "magenta", planned: "replace", doing: "replacing", done: "replaced" },
  delete: { sign: "-", format: "red", planned: "delete", doing: "deleting", done: "deleted" },
  same: { sign: " ", format: "dim", planned: "same", doing: "same", done: "same" },
};

/** A type as Pulumi shows it: `cloudflare:index/workersKv:WorkersKv` is `cloudflare:index:WorkersKv`. */
export function shortType(type: string): string {
  const [packageName, module, name] = type.split(":");
  return [packageName, module?.split("/")[0], name].filter((part) => part !== undefined).join(":");
}

export function duration(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`;
}
