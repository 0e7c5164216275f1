/**
 * Jest's environment of Node with a plain global object. Jest's own is a proxy behind an interceptor, which every use of a
 * global name passes through (`Number(x)`, `Array.isArray`): reading HTML took more than twice the processor's time behind it.
 */
"use strict";
const vm = require("node:vm");
const { TestEnvironment } = require("jest-environment-node");

class PlainGlobals extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    // What is called with nothing makes an ordinary context, in a Node that is older than the constant.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
    this.global.Error.stackTraceLimit = 20; // Jest's 100 are mapped to sources for each error that is made, shown or not
  }
}

module.exports = PlainGlobals;
