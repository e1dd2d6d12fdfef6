// Buttons of the page put their question to the advisor.
for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => window.CareerAdvisor.ask(button.dataset.ask));
}
