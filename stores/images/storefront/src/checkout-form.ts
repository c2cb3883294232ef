/** What a customer typed, exactly as typed: it is shown again beside any mistake. */
export interface CheckoutForm {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly address: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  readonly phone: string;
  readonly shipping: string;
  readonly payment: string;
}

export type FieldName = keyof CheckoutForm;
/** A sentence for each field that cannot be accepted. */
export type Mistakes = Readonly<Partial<Record<FieldName, string>>>;

export const fieldNames: readonly FieldName[] = [
  "email",
  "firstName",
  "lastName",
  "address",
  "postalCode",
  "city",
  "country",
  "phone",
  "shipping",
  "payment",
]; // prettier-ignore

export const emptyForm: CheckoutForm = {
  email: "",
  firstName: "",
  lastName: "",
  address: "",
  postalCode: "",
  city: "",
  country: "",
  phone: "",
  shipping: "",
  payment: "delivery",
}; // prettier-ignore

/** Reads a posted form; fields that are missing, doubled or files count as empty. */
export function readCheckoutForm(body: Readonly<Record<string, unknown>>): CheckoutForm {
  const field = (name: FieldName): string => {
    const value = body[name];
    return typeof value === "string" ? value.trim().slice(0, 200) : "";
  };
  return {
    email: field("email"),
    firstName: field("firstName"),
    lastName: field("lastName"),
    address: field("address"),
    postalCode: field("postalCode"),
    city: field("city"),
    country: field("country"),
    phone: field("phone"),
    shipping: field("shipping"),
    payment: field("payment"),
  };
}

export interface Allowed {
  readonly countries: readonly string[];
  readonly shippingOptions: readonly string[];
}

/**
 * Finds what keeps an order from being delivered. Lenient on purpose: names, postcodes and phone numbers come in more
 * shapes than a rule knows, and a customer who is refused wrongly is lost.
 */
export function validateCheckoutForm(form: CheckoutForm, allowed: Allowed): Mistakes {
  const mistakes: Partial<Record<FieldName, string>> = {};
  const required: readonly [FieldName, string][] = [
    ["firstName", "Enter your first name."],
    ["lastName", "Enter your last name."],
    ["address", "Enter your street and house number."],
    ["postalCode", "Enter your postal code."],
    ["city", "Enter your city."],
  ];
  for (const [field, sentence] of required) if (!form[field]) mistakes[field] = sentence;

  if (!form.email) mistakes.email = "Enter your email address, so that we can reach you about your order.";
  else if (!/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(form.email)) {
    mistakes.email = "Enter an email address in the form name@example.com.";
  }
  if (!form.country) mistakes.country = "Choose the country we deliver to.";
  else if (!allowed.countries.includes(form.country)) mistakes.country = "We do not deliver to this country yet.";
  if (form.phone && !/^\+?[\d\s()./-]{5,30}$/.test(form.phone)) {
    mistakes.phone = "Enter a phone number with digits only, such as +49 30 123456.";
  }
  if (!allowed.shippingOptions.includes(form.shipping)) mistakes.shipping = "Choose how we send your order.";
  if (form.payment !== "delivery") mistakes.payment = "Choose how you pay.";
  return mistakes;
}
