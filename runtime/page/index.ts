/** The page that shoppers see: a pure renderer of layouts, and the layouts that need no model. */
export { render } from "./document";
export type { PageInput, RenderedPage, ShopFace } from "./input";
export { templateLayout } from "./template";
export { privacyLine } from "./sections/privacy";
export type { TemplateInput } from "./template";
export * from "./bind";
export { lookOf, type Look } from "./style/look";
