import { serve } from "./server";

/** Where the Pulumi CLI starts the provider. */
void serve(process.argv.slice(2), process.env);
