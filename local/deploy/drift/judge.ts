import type { Found } from "./found";
import { secretTextsOf } from "./hide";
import { propertiesOf } from "./properties";
import type { ResourceDrift } from "./report";

/** The resources that differ, in the order of the state. */
export function driftOf(resources: readonly Found[]): ResourceDrift[] {
  const secrets = secretTextsOf(resources);
  const deleted = new Set(resources.filter(({ live }) => live === "deleted").map(({ urn }) => urn));
  return resources.flatMap((found): ResourceDrift[] => {
    const { urn, type, name, live, byHand } = found;
    const properties = propertiesOf(found, secrets);
    if (live !== "deleted" && properties.length === 0) return [];
    const deletedWith = live === "deleted" ? found.dependencies.find((other) => deleted.has(other)) : undefined;
    return [
      {
        urn,
        type,
        name,
        what: live === "deleted" ? "deleted" : "changed",
        properties,
        ...(deletedWith === undefined ? {} : { deletedWith }),
        ...(byHand === undefined ? {} : { byHand }),
      },
    ];
  });
}
