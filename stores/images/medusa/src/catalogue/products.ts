/** The sample catalogue: a small shop for things of everyday life. */
export interface SampleProduct {
  /** Also the name of the picture in `pictures/`, and the last part of the product's address in the storefront. */
  readonly handle: string;
  readonly title: string;
  readonly subtitle: string;
  readonly description: string;
  readonly category: string;
  readonly material: string;
  /** Grams. */
  readonly weight: number;
  /** In the order in which they are offered. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  /** Price of every variant, or of each value of the first option, in euros with tax. */
  readonly euros: number | readonly number[];
  /** Pieces of each variant on the shelf. */
  readonly stock: number;
}

export const sampleCategories = ["Kitchen", "Home", "Wardrobe", "Paper"] as const;

export const sampleProducts: readonly SampleProduct[] = [
  {
    handle: "stoneware-mug",
    title: "Stoneware Mug",
    subtitle: "Thrown by hand, glazed twice",
    description:
      "A generous mug with a thumb rest and a foot that keeps the table dry. The speckled clay is fired slowly, so no two are quite the same.\n\nHolds 350 ml. Dishwasher and microwave safe.",
    category: "Kitchen",
    material: "Stoneware",
    weight: 380,
    options: { Glaze: ["Chalk", "Moss", "Ink"] },
    euros: 22,
    stock: 40,
  },
  {
    handle: "linen-tea-towel",
    title: "Linen Tea Towel",
    subtitle: "Washed linen that dries glass without lint",
    description:
      "Woven from long European flax and washed once before it reaches you, so it is soft from the first day and only gets better. A loop on the back keeps it within reach.\n\n50 × 70 cm. Machine wash at 60 °C.",
    category: "Kitchen",
    material: "Linen",
    weight: 120,
    options: { Colour: ["Oat", "Sage", "Clay"] },
    euros: 14,
    stock: 60,
  },
  {
    handle: "oak-serving-board",
    title: "Oak Serving Board",
    subtitle: "One piece of oak, oiled and ready",
    description:
      "Cut from a single plank with the bark side up, rounded where the hand takes hold of it. Bread, cheese, or a whole supper for two.\n\nWipe clean and oil it twice a year.",
    category: "Kitchen",
    material: "Oak",
    weight: 900,
    options: { Size: ["Small", "Large"] },
    euros: [46, 64],
    stock: 18,
  },
  {
    handle: "beeswax-candle",
    title: "Beeswax Candle",
    subtitle: "Burns long and smells of summer",
    description:
      "Pure beeswax from a cooperative of forty beekeepers, poured around a cotton wick. No scent is added; none is needed.\n\nThe small one burns for 20 hours, the large one for 45.",
    category: "Home",
    material: "Beeswax",
    weight: 300,
    options: { Size: ["Small", "Large"] },
    euros: [16, 28],
    stock: 50,
  },
  {
    handle: "wool-throw",
    title: "Wool Throw",
    subtitle: "Warm in winter, light in spring",
    description:
      "Lambswool in a herringbone weave, brushed until it is soft enough to sleep under. Wide enough for two on a sofa.\n\n130 × 190 cm. Air it rather than wash it.",
    category: "Home",
    material: "Lambswool",
    weight: 1100,
    options: { Colour: ["Sand", "Forest"] },
    euros: 89,
    stock: 15,
  },
  {
    handle: "everyday-t-shirt",
    title: "Everyday T-Shirt",
    subtitle: "Heavy cotton, cut straight",
    description:
      "The shirt you reach for first. Dense organic cotton that keeps its shape, a collar that stays flat, and seams that sit where they should.\n\nWash inside out at 30 °C. Fits true to size.",
    category: "Wardrobe",
    material: "Organic cotton",
    weight: 220,
    options: { Size: ["S", "M", "L", "XL"], Colour: ["White", "Navy"] },
    euros: 34,
    stock: 25,
  },
  {
    handle: "canvas-tote",
    title: "Canvas Tote",
    subtitle: "Carries the market home",
    description:
      "Heavy canvas with a flat base, long handles and one pocket inside for the keys. Stands by itself, folds into nothing.\n\n38 × 42 cm, 18 litres.",
    category: "Wardrobe",
    material: "Cotton canvas",
    weight: 320,
    options: { Colour: ["Natural", "Black"] },
    euros: 28,
    stock: 35,
  },
  {
    handle: "pocket-notebook",
    title: "Pocket Notebook",
    subtitle: "Opens flat, fits any pocket",
    description:
      "Thread-bound, with rounded corners and 96 pages of recycled paper that takes ink without bleeding. The cover is grey board and improves with use.\n\nA6. Three for a year, most people say.",
    category: "Paper",
    material: "Recycled paper",
    weight: 95,
    options: { Ruling: ["Plain", "Ruled", "Dotted"] },
    euros: 12,
    stock: 120,
  },
];

export interface SampleVariant {
  readonly title: string;
  readonly sku: string;
  readonly options: Readonly<Record<string, string>>;
  readonly euros: number;
}

/** Every combination of a product's options, in the order in which a person would list them. */
export function variantsOf(product: SampleProduct): SampleVariant[] {
  const combinations = Object.entries(product.options).reduce<Record<string, string>[]>(
    (all, [option, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [option]: value }))),
    [{}],
  );
  const [firstOption, firstValues] = Object.entries(product.options)[0] ?? ["", []];
  return combinations.map((options) => {
    const values = Object.values(options);
    const position = firstValues.indexOf(options[firstOption] ?? "");
    return {
      title: values.join(" / "),
      sku: [product.handle, ...values].join("-").toUpperCase(),
      options,
      euros: typeof product.euros === "number" ? product.euros : (product.euros[position] ?? 0),
    };
  });
}
