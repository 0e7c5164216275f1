import { writeFileSync } from "node:fs";
import { startPlugin, START_LIMIT_MS, type Plugin } from "./support/plugin";
let plugin: Plugin;
beforeAll(async () => { plugin = await startPlugin({}); }, START_LIMIT_MS);
afterAll(() => plugin?.stop());
test("schema", async () => { writeFileSync("/tmp/schema.json", JSON.stringify(await plugin.schema())); console.log(await plugin.handshake(), await plugin.version()); });
