// A phone's photo is made smaller before it is sent: ten megabytes on a bad line are a minute, and more than Vouch takes.
// Nothing depends on it. What can't be read as a picture here is sent as it is, and the server says what it thinks of it.

const SMALL_ENOUGH = 1024 * 1024; // bytes: what is smaller stays as it is
const LONGEST_SIDE = 2560; // pixels: a nameplate across a room can still be read
const QUALITY = 0.85;
const PICTURES = new Set(["image/jpeg", "image/png", "image/webp"]);

async function smaller(file) {
  if (file.size <= SMALL_ENOUGH || !PICTURES.has(file.type)) return file;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }); // upright, however the phone was held
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const paint = canvas.getContext("2d");
  paint.fillStyle = "white"; // under what is transparent, which JPEG would make black
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!made || made.size >= file.size) return file;
  return new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
}

function size(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

async function shrink(input, said) {
  const chosen = [...input.files];
  said.textContent = "";
  try {
    const made = await Promise.all(chosen.map(smaller));
    const changed = made.findIndex((file, place) => file !== chosen[place]);
    const isStillChosen = chosen.length === input.files.length && chosen.every((file, place) => file === input.files[place]);
    if (changed < 0 || !isStillChosen) return;
    const kept = new DataTransfer();
    for (const file of made) kept.items.add(file);
    input.files = kept.files;
    said.textContent = `The photo was made smaller: ${size(chosen[changed].size)} before, ${size(made[changed].size)} now.`;
  } catch {
    // No picture after all, or no memory for it: it is sent as it was chosen.
  }
}

// Whoever saves at once waits for the photo rather than sending the large one.
function wait(form, work) {
  form.addEventListener("submit", async (event) => {
    if (!work.now) return;
    event.preventDefault();
    await work.now;
    form.requestSubmit(event.submitter);
  });
}

export function shrinkPhotos(scope) {
  for (const input of scope.querySelectorAll("input[type=file][data-photo]")) {
    const said = document.createElement("p");
    said.className = "govuk-hint";
    said.setAttribute("role", "status");
    input.after(said);
    const work = { now: null };
    input.addEventListener("change", () => {
      const mine = shrink(input, said).finally(() => {
        if (work.now === mine) work.now = null;
      });
      work.now = mine;
    });
    if (input.form) wait(input.form, work);
  }
}
