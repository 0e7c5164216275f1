import { type About, type ResourceRule, resourceRule } from "../rule";
import { inProd } from "../thresholds";
import { environmentOf, variablesOf } from "../worker";

/** A rule that a variable of the Worker is `false` in production: no other text, since the Worker may read it otherwise. */
export const switchOffInProd = (variable: string, about: Omit<About, "level" | "thresholds">): ResourceRule =>
  resourceRule({
    ...about,
    level: "mandatory",
    thresholds: { environments: inProd },
    judge(resource, say, { environments }) {
      const variables = variablesOf(resource);
      const value = variables.get(variable);
      // A Worker that says nothing of either is none of ours, whatever its stack is called.
      if (value === "false" || (value === undefined && !variables.has("ENVIRONMENT"))) return;
      if (typeof value === "symbol") return; // not known yet: judged when it is
      if (!environments.includes(environmentOf(resource))) return;
      say(`${variable} is ${value === undefined ? "missing" : `"${value}"`} on a production Worker, not "false".`);
    },
  });
