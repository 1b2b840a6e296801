// The current chapter, the theme, copy buttons, and the arrow keys.
(function () {
  'use strict';
  // A narrow page begins with its text; the contents open on demand.
  if (matchMedia('(max-width: 900px)').matches) {
    document.querySelector('details.chapters').open = false;
  }

  var here = location.pathname.split('/').pop() || 'index.html';
  document.querySelectorAll('#book-nav li a').forEach(function (link) {
    if (link.getAttribute('href') !== here) return;
    link.setAttribute('aria-current', 'page');
    link.scrollIntoView({block: 'nearest'});
  });

  var root = document.documentElement;
  var toggle = document.getElementById('theme-toggle');
  if (toggle) toggle.addEventListener('click', function () {
    var dark = root.dataset.theme ? root.dataset.theme === 'dark'
        : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    try { localStorage.setItem('rp-theme', root.dataset.theme); } catch (e) {}
  });

  // Of a transcript only the commands are copied: what the reader types.
  function text_of(block) {
    var lines = block.classList.contains('console') ? '.cmd, .more' : '.line';
    return Array.from(block.querySelectorAll(lines), function (line) {
      return line.textContent.replace(/\u00a0/g, ' ').replace(/\s+$/, '');
    }).join('\n') + '\n';
  }
  function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    var area = document.createElement('textarea');
    area.value = text;
    document.body.appendChild(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    return Promise.resolve();
  }
  document.querySelectorAll('.textblock div.fragment').forEach(function (block) {
    var button = document.createElement('button');
    button.className = 'copy';
    button.type = 'button';
    button.textContent = 'copy';
    button.addEventListener('click', function () {
      copy(text_of(block)).then(function () {
        button.textContent = 'copied';
        setTimeout(function () { button.textContent = 'copy'; }, 1200);
      });
    });
    block.appendChild(button);
  });

  document.addEventListener('keydown', function (event) {
    if (/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    var side = {ArrowLeft: '.prev', ArrowRight: '.next'}[event.key];
    var link = side && document.querySelector('.prevnext ' + side + ' a');
    if (link) location.href = link.href;
  });

  // What was to be predicted is printed open.
  addEventListener('beforeprint', function () {
    document.querySelectorAll('details.predict').forEach(function (details) {
      details.open = true;
    });
  });
})();
