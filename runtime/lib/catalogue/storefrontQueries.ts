/** What is asked of Shopify's Storefront API: GraphQL, written for version 2026-10 and its schema. */

const VARIANT = `
fragment VariantFacts on ProductVariant {
  id
  sku
  availableForSale
  quantityAvailable @include(if: $stock)
  price { amount currencyCode }
  compareAtPrice { amount currencyCode }
  selectedOptions { name value }
  image { url }
}`;

/** A page of products, each with its first variants. */
export const PRODUCTS_QUERY = `query Products($first: Int!, $after: String, $variants: Int!, $images: Int!, $tags: Boolean!, $stock: Boolean!) {
  products(first: $first, after: $after, sortKey: ID) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id
      handle
      title
      descriptionHtml
      vendor
      productType
      category { name }
      tags @include(if: $tags)
      isGiftCard
      requiresSellingPlan
      onlineStoreUrl
      options { name }
      images(first: $images) { nodes { url altText } }
      variants(first: $variants) { pageInfo { hasNextPage endCursor } nodes { ...VariantFacts } }
    }
  }
}${VARIANT}`;

/** The further variants of one product. */
export const VARIANTS_QUERY = `query Variants($id: ID!, $first: Int!, $after: String, $stock: Boolean!) {
  product(id: $id) {
    variants(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes { ...VariantFacts } }
  }
}${VARIANT}`;
