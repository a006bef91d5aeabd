// A page that waits for its helpdesk looks again by itself: not while somebody has it in the background.
const { again } = document.getElementById("main").dataset;
const look = () => document.visibilityState === "visible" && location.reload();
setInterval(look, again * 1000);
document.addEventListener("visibilitychange", look);
