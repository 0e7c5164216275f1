import { itIf } from "../../support/skip";
import { HAS_DESCRIPTION, problemsOf } from "./openapi";

describe("Cloudflare's description of its API as a judge", () => {
  const judged = itIf(HAS_DESCRIPTION, "the API description is not at ../shared/data/cloudflare-openapi.json");
  const path = "/accounts/0123/storage/kv/namespaces/4567";
  const answer = (result: object) => ({ success: true, errors: [], messages: [], result });

  judged("finds nothing in an answer as Cloudflare's, and what is wrong in another", async () => {
    const id = "0".repeat(32);
    expect(problemsOf("GET", path, 200, answer({ id, title: "t", supports_url_encoding: true }))).toEqual([]);
    expect(problemsOf("GET", path, 200, answer({ id, title: 5 }))).toHaveLength(1);
    expect(problemsOf("GET", path, 200, { result: { id, title: "t" } })).not.toEqual([]);
  });
});
