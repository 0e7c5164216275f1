/** Where the Pulumi CLI starts the pack: a check of all types was three quarters of what a start takes. */
"use strict";
require("../translate").translateTypeScript();
module.exports = require("./index.ts");
