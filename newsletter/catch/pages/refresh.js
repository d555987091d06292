// Looks for new mail every two seconds while the page is seen, and puts the fresh list in place.
const EVERY = 2000;

async function look() {
  const mail = document.getElementById("mail");
  const listing = await (await fetch("/messages.json?limit=0")).json();
  if (String(listing.count) === mail.dataset.count) return;
  const page = await (await fetch(location.href)).text();
  const fresh = new DOMParser().parseFromString(page, "text/html").getElementById("mail");
  mail.replaceWith(fresh);
}

setInterval(() => {
  // The catcher may have ended; then the list stays as it is.
  if (!document.hidden) look().catch(() => {});
}, EVERY);
