// An address to ship to that WooCommerce takes: it checks the postcodes of some countries, and asks for a state in many.

/** Countries whose postcodes WooCommerce checks, with one that exists; elsewhere any five digits do. */
const POSTCODES: Readonly<Record<string, string>> = {
  at: "1010",
  ba: "71000",
  be: "1000",
  br: "01310-100",
  ca: "K1A 0B1",
  ch: "3003",
  cz: "110 00",
  dk: "1050",
  gb: "SW1A 1AA",
  hu: "1011",
  ie: "D02 AF30",
  in: "110001",
  jp: "100-0001",
  li: "9490",
  nl: "1011 AB",
  no: "0150",
  pl: "00-001",
  pt: "1000-001",
  se: "111 20",
  si: "1000",
  sk: "811 01",
};

/** @param state code of a state of the country; empty where WooCommerce knows none */
export function addressIn(country: string, state: string) {
  return {
    first_name: "Storefleet",
    last_name: "Checkout",
    company: "",
    address_1: "1 Proof Street",
    address_2: "",
    city: "Proof",
    state,
    postcode: POSTCODES[country] ?? "10115",
    country: country.toUpperCase(),
    phone: "",
  };
}
