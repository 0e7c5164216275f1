import type { Options as Schema } from "rehype-sanitize";
import { ID_PREFIX } from "./css";

/** Elements a model's page may consist of: text, structure and nothing that loads, submits, draws or runs. */
export const TAGS = [
  ..."a abbr article aside b blockquote br cite code dd details div dl dt em figcaption figure footer h1 h2 h3 h4".split(
    " ",
  ),
  ..."h5 h6 header hr i li main mark nav ol p q s section small span strong sub summary sup time u ul".split(" "),
];

/** Removed with all that is in them; any other element that is not allowed leaves its content behind. */
const STRIPPED = [
  ..."applet audio base button canvas datalist dialog embed fencedframe frame frameset iframe img input".split(" "),
  ..."link map math meta meter noembed noframes noscript object optgroup option output param picture plaintext".split(
    " ",
  ),
  ..."portal progress script select slot source style svg template textarea title track video xmp".split(" "),
];

export const SCHEMA: Schema = {
  tagNames: TAGS,
  strip: STRIPPED,
  attributes: {
    "*": ["className", "id", "lang", "dir", "title", "ariaLabel", "ariaHidden", "ariaLabelledBy", "dataProductId"],
    a: ["href", "dataProductLink"],
    details: ["open"],
  },
  ancestors: {},
  clobber: ["id", "ariaLabelledBy"],
  clobberPrefix: ID_PREFIX,
  protocols: { href: ["http", "https"] },
  required: {},
  allowComments: false,
  allowDoctypes: false,
};
