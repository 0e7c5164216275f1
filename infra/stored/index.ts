/** What a stack's runtime has written for shops and shoppers: list, show, purge. */
export { type Door, findPlaces, type Places } from "./door";
export { type Filter, isOfShop, KINDS, type Kind } from "./keys";
export { type Entry, listStored } from "./list";
export { purgeStored } from "./purge";
export { showStored, type Shown } from "./show";
