/**
 * Ways out of the shop: addresses, mail, telephone. A page has links; a text that names another place sends readers there
 * where no link can be judged. All patterns are for folded texts.
 */
const LABEL = String.raw`(?<![\p{L}\p{N}-])[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?`;
/** Ends of addresses that may follow a full stop as the first word of a sentence could, and those that people spell out. */
const COMMON =
  "com|net|org|info|biz|shop|store|online|site|app|dev|io|co|me|eu|uk|de|fr|es|it|nl|pl|ru|cn|in|us|tv|to|example";

const ADDRESS = new RegExp(
  [
    String.raw`[\p{L}\p{N}]:\/\/|(?:^|[^:/\p{L}\p{N}])\/\/\S`,
    String.raw`(?<!\p{L})(?:javascript|vbscript|data|mailto|tel|sms|whatsapp|tg|file|blob):(?! )`,
    String.raw`(?<![\p{L}\p{N}])www\d?\.`,
    // `evil.example`; a capital behind the full stop begins a sentence that lacks its space, unless it ends many addresses.
    String.raw`${LABEL}(?<=[\p{L}\p{N}-]{2})\.(?:\p{Ll}{2,}|xn--|(?:(?:${COMMON})(?![\p{L}\p{N}])))`,
    String.raw`[\p{L}\p{N}]\.\p{L}{2,24}\/\S`,
    String.raw`[\p{L}\p{N}] ?[([{] ?(?:\.|dot|punkt|punto|point) ?[)\]}] ?\p{L}{2,}`,
    String.raw`[\p{L}\p{N}] (?:dot|\.) ?(?:com|net|org|info|io|example)(?![\p{L}\p{N}])`,
    String.raw`(?<![\p{Nd}.])\p{Nd}{1,3}(?:\.\p{Nd}{1,3}){3}(?![\p{Nd}.]*\p{Nd})`,
  ].join("|"),
  "u",
);
/** As above, without regard to case: none of these could begin a sentence. */
const SHOUTED = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:https?|ftp|www\d?\.|javascript:|mailto:|${LABEL}(?<=[\p{L}\p{N}-]{2})\.(?:${COMMON})(?![\p{L}\p{N}]))`,
  "iu",
);
/** Mail, and a name at some other service. */
const MAIL = /@[\p{L}\p{N}_]|[([{] ?(?:at|@) ?[)\]}]/u;

const TELEPHONE = new RegExp(
  [
    String.raw`\+ ?\p{Nd}(?:[ ()./-]{0,2}\p{Nd}){6,}`,
    String.raw`(?<![\p{Nd}.,])0\p{Nd}(?:[ ()./-]{0,2}\p{Nd}){5,}`,
    String.raw`\(\p{Nd}{2,5}\) ?\p{Nd}{3}`,
    String.raw`(?<!\p{Nd})1?[ -]?\p{Nd}{3}[ .-]\p{Nd}{3}[ .-]\p{Nd}{4}(?!\p{Nd})`,
    String.raw`(?<![\p{N}-])1?-?8\p{Nd}{2}-[\p{Nd}\p{L}]{3,}`,
    String.raw`(?<![\p{N}.-])\p{Nd}{3}[-.]\p{Nd}{4}(?!\p{N}| ?\p{L})`,
    String.raw`(?<!\p{L})(?:call|phone|telephone|tel|fax|sms|whatsapp|hotline|dial|anrufen|telefon)(?: us)?(?: (?:on|at|now|unter))*[ .:]{1,3}\p{Nd}{3}`,
    String.raw`\p{Nd}{10}`,
  ].join("|"),
  "iu",
);

/** Whether a folded text names an address of the web, or what a browser would take for one. */
export const namesAddress = (folded: string): boolean => ADDRESS.test(folded) || SHOUTED.test(folded);

/** Whether a folded text says how somebody is reached: mail, telephone, a name at another service. */
export const namesContact = (folded: string): boolean => MAIL.test(folded) || TELEPHONE.test(folded);
