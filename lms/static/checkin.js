// Keeps the check-in code on the trainer's screen that of this minute.
const box = document.getElementById("checkin");
const digits = document.getElementById("digits");
const picture = document.getElementById("qr");

async function renew() {
  let wait = 15;
  try {
    const answer = await fetch(box.dataset.code, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const { code, seconds } = await answer.json();
      const shown = `${code.slice(0, 3)} ${code.slice(3)}`;
      if (digits.textContent !== shown) {
        digits.textContent = shown;
        picture.src = `${box.dataset.picture}?of=${code}`;
      }
      wait = seconds + 1;
    }
  } catch {
    // No signal: the code before still counts for a minute, and we ask again.
  }
  setTimeout(renew, wait * 1000);
}

renew();
