/** Where the Pulumi CLI starts the provider: a start with a check of all types took 12 s of a processor. */
"use strict";
require("../../translate").translateTypeScript();
module.exports = require("./index.ts");
