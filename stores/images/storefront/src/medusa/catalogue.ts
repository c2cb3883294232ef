import { z } from "zod";
import { createCache } from "../cache.ts";
import { MedusaAway, type MedusaHttp } from "./http.ts";
import { type Category, categoryShape, type Product, productShape, type Region, regionShape } from "./shapes.ts";

/** What can be bought. Answers are some seconds old, so that a busy page costs Medusa nothing. */
export interface Catalogue {
  /** The region customers buy in. A store has one unless its owner adds more; the oldest is the one. */
  region(): Promise<Region>;
  /** Never from memory: whether Medusa answers right now. */
  isReachable(): Promise<boolean>;
  categories(): Promise<Category[]>;
  products(query: ProductQuery): Promise<ProductPage>;
  product(handle: string): Promise<Product | undefined>;
}

export interface ProductQuery {
  readonly categoryId?: string;
  readonly search?: string;
  /** From 1. */
  readonly page: number;
}

export interface ProductPage {
  readonly products: Product[];
  readonly page: number;
  readonly pages: number;
}

const pageSize = 24;

const listFields = "id,title,handle,subtitle,thumbnail,*variants.calculated_price,+variants.inventory_quantity";
const productFields =
  "id,title,handle,subtitle,description,thumbnail,material,*images,*options,*options.values,*categories," +
  "*variants,*variants.options,*variants.calculated_price,+variants.inventory_quantity";

export function createCatalogue(http: MedusaHttp): Catalogue {
  const regions = createCache<Region>({ seconds: 60 });
  const categoryLists = createCache<Category[]>({ seconds: 10 });
  const pages = createCache<ProductPage>({ seconds: 5 });
  const products = createCache<Product | undefined>({ seconds: 3, staleSeconds: 10 });

  const region = () => regions.get("", fetchRegion);

  async function fetchRegion(): Promise<Region> {
    const answer = await http.get(
      "/store/regions?order=created_at&limit=1",
      z.object({ regions: z.array(regionShape) }),
    );
    const [first] = answer.regions;
    if (!first) throw new MedusaAway("The store has no region yet.");
    return first;
  }

  return {
    region,
    isReachable: () =>
      fetchRegion().then(
        () => true,
        () => false,
      ),

    categories: () =>
      categoryLists.get("", async () => {
        const path = "/store/product-categories?parent_category_id=null&fields=id,name,handle&order=rank&limit=20";
        return (await http.get(path, z.object({ product_categories: z.array(categoryShape) }))).product_categories;
      }),

    products: async ({ categoryId, search, page }) => {
      const { id } = await region();
      const query = new URLSearchParams({
        region_id: id,
        fields: listFields,
        order: "created_at",
        limit: String(pageSize),
        offset: String((page - 1) * pageSize),
        ...(categoryId ? { category_id: categoryId } : {}),
        ...(search ? { q: search } : {}),
      }).toString();
      return pages.get(query, async () => {
        const shape = z.object({ products: z.array(productShape), count: z.number() });
        const answer = await http.get(`/store/products?${query}`, shape);
        return { products: answer.products, page, pages: Math.max(1, Math.ceil(answer.count / pageSize)) };
      });
    },

    product: async (handle) => {
      const { id } = await region();
      const query = new URLSearchParams({ region_id: id, handle, fields: productFields, limit: "1" }).toString();
      return products.get(query, async () => {
        const answer = await http.get(`/store/products?${query}`, z.object({ products: z.array(productShape) }));
        return answer.products[0];
      });
    },
  };
}
