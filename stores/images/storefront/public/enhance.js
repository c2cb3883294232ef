// Makes pages that work without it a little quicker to use. Everything here is a convenience.

// A cart line is saved as soon as its quantity changes.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.classList.add("enhanced");
  form.addEventListener("change", () => form.requestSubmit());
}

// Price and stock follow the chosen options.
const offer = document.querySelector("form.offer");
if (offer) {
  const variants = JSON.parse(offer.dataset.variants);
  const price = document.getElementById("price");
  const stock = document.getElementById("stock");
  const button = offer.querySelector("button");
  const update = () => {
    const chosen = new FormData(offer);
    const variant = variants.find(({ choice }) =>
      Object.entries(choice).every(
        ([option, value]) => chosen.get(`option.${option}`) === value || variants.length === 1,
      ),
    );
    price.textContent = variant ? variant.price : "Choose an option";
    stock.textContent = variant ? variant.stock : "This combination is not made.";
    button.disabled = !variant || variant.available === 0;
  };
  for (const radio of offer.querySelectorAll("input[type=radio]")) radio.addEventListener("change", update);
}

// The sum of the checkout follows the chosen shipping.
const checkout = document.querySelector("form.checkout");
if (checkout) {
  const money = new Intl.NumberFormat("en", { style: "currency", currency: checkout.dataset.currency });
  const update = () => {
    const chosen = checkout.querySelector("input[name=shipping]:checked");
    if (!chosen) return;
    const shipping = Number(chosen.dataset.amount);
    document.getElementById("shipping-total").textContent = money.format(shipping);
    document.getElementById("total").textContent = money.format(Number(checkout.dataset.itemTotal) + shipping);
  };
  for (const radio of checkout.querySelectorAll("input[name=shipping]")) radio.addEventListener("change", update);
  checkout.querySelector("[aria-invalid=true]")?.focus();
  // A mistake that is being mended stops being shown; the server has the last word.
  for (const field of checkout.querySelectorAll("[aria-invalid=true]")) {
    field.addEventListener("input", () => {
      field.removeAttribute("aria-invalid");
      document.getElementById(`${field.id}-mistake`)?.remove();
    });
  }
}

// One press is one order. The button comes back when the customer returns to the page.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    form.querySelector("button[type=submit]")?.setAttribute("aria-busy", "true");
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("button[type=submit]")?.removeAttribute("aria-busy");
  }
});
