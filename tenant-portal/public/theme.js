// Runs before the first paint, so that a dark room stays dark. A file of its own because the content
// security policy allows no inline script.
(function () {
  var choice = null;
  try {
    choice = window.localStorage.getItem('sendense.theme');
  } catch {
    choice = null;
  }
  if (choice === 'dark' || choice === 'light') {
    document.documentElement.setAttribute('data-theme', choice);
  }
})();
