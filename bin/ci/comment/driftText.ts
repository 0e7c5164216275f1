import { z } from "zod";
import { cut } from "../plan/values";
import { code, firstOf, prose } from "./markdown";

/** What `wandstore drift --json` prints; values in it are fit to be shown, secrets hidden. */
export const DriftSchema = z.object({
  stack: z.string(),
  drifted: z.boolean(),
  remedy: z.string(),
  compared: z.int(),
  resources: z.array(
    z.object({
      type: z.string(),
      name: z.string(),
      what: z.enum(["changed", "deleted"]),
      properties: z.array(z.object({ path: z.string(), state: z.unknown(), cloud: z.unknown() })),
      byHand: z.string().optional(),
    }),
  ),
  strays: z.array(z.object({ what: z.string(), name: z.string(), id: z.string() })),
  notes: z.array(z.string()),
});
export type Drift = z.output<typeof DriftSchema>;

const MOST_RESOURCES = 60;
const MOST_PROPERTIES = 10;

/** Begins the issue of a stack, unseen: by it the next night finds the issue again. */
export const driftMarker = (stack: string): string => `<!-- wandstore:drift ${stack} -->`;

/** What differs of a stack, and what to do about it. */
export function driftText({ stack, resources, strays, notes, compared, remedy }: Drift): string {
  const count = `${resources.length} of ${compared} resources`;
  const lines = resources.flatMap(({ name, type, what, properties, byHand }) => [
    `- ${code(cut(name))} (${code(cut(type.split(":").at(-1) ?? type))}) was ${what}${byHand === undefined ? "" : `. ${prose(byHand)}`}`,
    ...properties.slice(0, MOST_PROPERTIES).map(({ path, state, cloud }) => {
      return `  - ${code(cut(path))}: ${valueOf(state)} in the state, ${valueOf(cloud)} in the cloud`;
    }),
  ]);
  const lost = strays.map(({ what, name }) => `- ${prose(what)} ${code(cut(name))}`);
  return [
    driftMarker(stack),
    `Stack ${code(stack)} is not what was deployed: ${count} changed by hand.`,
    "",
    ...firstOf(lines, MOST_RESOURCES),
    ...(lost.length > 0 ? ["", "In the account and in no state:", "", ...firstOf(lost, MOST_RESOURCES)] : []),
    ...(notes.length > 0 ? ["", ...notes.map((note) => `> ${prose(note)}`)] : []),
    "",
    `Either bring the change into the program, or put the cloud right: ${code(remedy)}. This issue closes when nothing differs.`,
  ].join("\n");
}

function valueOf(value: unknown): string {
  if (value === undefined) return "nothing";
  return code(cut(typeof value === "string" ? value : JSON.stringify(value)));
}
