import { buildSchema } from "graphql";

/**
 * What this project asks of Shopify's Storefront API, in the types and with the nulls of the real schema (2026-10; mock.shop
 * has the same). A query for anything else fails here as it would there.
 */
export const STOREFRONT_SCHEMA = buildSchema(`
  schema { query: QueryRoot mutation: Mutation }

  scalar Decimal
  scalar HTML
  scalar URL
  enum CurrencyCode { EUR GBP USD JPY }
  enum ProductSortKeys { TITLE PRODUCT_TYPE VENDOR UPDATED_AT CREATED_AT BEST_SELLING PRICE ID RELEVANCE }
  enum ProductVariantSortKeys { TITLE SKU POSITION ID RELEVANCE }
  enum ProductImageSortKeys { CREATED_AT POSITION ID RELEVANCE }
  enum CartErrorCode { INVALID INVALID_MERCHANDISE_LINE MERCHANDISE_NOT_APPLICABLE MINIMUM_NOT_MET }

  scalar Color

  type QueryRoot {
    shop: Shop!
    product(handle: String, id: ID): Product
    products(
      after: String, before: String, first: Int, last: Int, query: String, reverse: Boolean = false
      sortKey: ProductSortKeys = ID
    ): ProductConnection!
  }
  type Shop { id: ID! name: String! primaryDomain: Domain! paymentSettings: PaymentSettings! brand: Brand }
  type Domain { host: String! sslEnabled: Boolean! url: URL! }
  type PaymentSettings { countryCode: String! currencyCode: CurrencyCode! }
  type Brand { colors: BrandColors! shortDescription: String slogan: String }
  type BrandColors { primary: [BrandColorGroup!]! secondary: [BrandColorGroup!]! }
  type BrandColorGroup { background: Color foreground: Color }
  type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
  type ProductConnection { nodes: [Product!]! pageInfo: PageInfo! }
  type Product {
    id: ID!
    handle: String!
    title: String!
    description(truncateAt: Int): String!
    descriptionHtml: HTML!
    vendor: String!
    productType: String!
    category: TaxonomyCategory
    tags: [String!]!
    isGiftCard: Boolean!
    requiresSellingPlan: Boolean!
    availableForSale: Boolean!
    onlineStoreUrl: URL
    options(first: Int): [ProductOption!]!
    images(
      after: String, before: String, first: Int, last: Int, reverse: Boolean = false
      sortKey: ProductImageSortKeys = POSITION
    ): ImageConnection!
    variants(
      after: String, before: String, first: Int, last: Int, reverse: Boolean = false
      sortKey: ProductVariantSortKeys = POSITION
    ): ProductVariantConnection!
  }
  type TaxonomyCategory { id: ID! name: String! }
  type ProductOption { id: ID! name: String! }
  type ImageConnection { nodes: [Image!]! pageInfo: PageInfo! }
  type Image { id: ID altText: String url: URL! width: Int height: Int }
  type ProductVariantConnection { nodes: [ProductVariant!]! pageInfo: PageInfo! }
  type ProductVariant {
    id: ID!
    title: String!
    sku: String
    availableForSale: Boolean!
    quantityAvailable: Int
    price: MoneyV2!
    compareAtPrice: MoneyV2
    selectedOptions: [SelectedOption!]!
    image: Image
  }
  type MoneyV2 { amount: Decimal! currencyCode: CurrencyCode! }
  type SelectedOption { name: String! value: String! }

  type Mutation { cartCreate(input: CartInput): CartCreatePayload }
  input CartInput { lines: [CartLineInput!] note: String discountCodes: [String!] }
  input CartLineInput { merchandiseId: ID! quantity: Int sellingPlanId: ID }
  type CartCreatePayload { cart: Cart userErrors: [CartUserError!]! }
  type Cart { id: ID! checkoutUrl: URL! totalQuantity: Int! }
  type CartUserError { code: CartErrorCode field: [String!] message: String! }
`);
