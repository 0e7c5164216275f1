import { main } from "@pulumi/pulumi/provider";
import { CLOUDFLARE_API } from "../cloudflare";
import { createProvider } from "./provider";

/** Where the Pulumi CLI starts the provider. The address and the token come from the environment, never from state. */
const { CLOUDFLARE_BASE_URL: baseUrl = CLOUDFLARE_API, CLOUDFLARE_API_TOKEN: apiToken = "" } = process.env;

void main(createProvider({ baseUrl, apiToken }), process.argv.slice(2));
