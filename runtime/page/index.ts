/** The page that shoppers see: a pure renderer of layouts, and the layouts that need no model. */
export { render } from "./document";
export type { PageInput, RenderedPage, ShopFace } from "./input";
export { tameWords } from "./modelWords";
export { templateLayout } from "./template";
export { privacyLine } from "./sections/privacy";
export type { TemplateInput } from "./template";
export { PLANS, type Part, type Plan } from "./template/plans";
export { savingOf } from "./product/facts";
export * from "./bind";
export { lookOf, type Look } from "./style/look";
