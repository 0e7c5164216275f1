/** What pages say themselves, in one language. Amounts, counts and names come in as they are to be read. */
export interface Words {
  skip: string;
  preparing: string;
  visit: string;
  empty: string;
  /** Of a list without a heading. */
  products: string;
  everythingElse: string;

  soldOut: string;
  inStock: string;
  left: (count: number) => string;
  /** Where variants differ in price. */
  from: (price: string) => string;
  /** Before a former price, for those who hear the page. */
  was: string;
  /** Stands before a percentage. */
  save: string;
  youSave: (amount: string) => string;
  /** After some of many values. */
  more: (count: number) => string;

  filter: string;
  kind: string;
  price: string;
  offers: string;
  reduced: string;
  under: (amount: string) => string;
  between: (low: string, high: string) => string;
  over: (amount: string) => string;
  /** A lens's label follows. */
  showing: (shown: number, total: number) => string;
  showEverything: string;

  maker: string;
  stock: string;
  chooseOptions: string;
  choice: string;
  addToCart: string;

  /** How the layout came to be; `facts` follows each. */
  madeByAi: string;
  madeByRules: string;
  madeStandard: string;
  madeAutomatically: string;
  facts: string;

  personalisation: string;
  mayWe: string;
  yes: string;
  no: string;
  isOn: string;
  isOff: string;
  switchOn: string;
  switchOff: string;
}

/** The lines of the layouts that are made without a model. They hold no fact of the catalogue: a layout outlives it. */
export interface Copy {
  /** In the place of a shop's name that is too long for a title. */
  ourShop: string;
  welcome: (shop: string) => string;
  welcomeBack: (shop: string) => string;
  invitation: string;
  look: string;

  fewThings: string;
  fewThingsWhy: string;

  start: string;
  everyShelf: string;
  unusual: string;
  unusualWhy: string;
  stillMore: string;

  piece: string;
  pieceWhy: string;
  examine: string;
  kin: string;
  narrow: string;
  catalogue: string;
  another: string;
  anotherWhy: string;
  lookCloser: string;

  deal: string;
  dealWhy: string;
  getDeal: string;
  lowPrices: string;
  lowPricesWhy: string;
  seePrice: string;
  savings: string;
  budget: string;
  cheapest: string;

  yours: string;
  /** `shelf` is a category of the shop. */
  shelfFirst: (shelf: string) => string;
  more: string;
  fresh: string;
  freshWhy: string;
  takeALook: string;
  others: string;

  way: string;
  front: string;
  reduced: string;
  reducedWhy: string;
}

export interface Language {
  words: Words;
  copy: Copy;
}
