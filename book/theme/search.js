// Finds headings, classes, functions and files by parts of their words, in the
// index that headings.js holds: rows of [words, place, address].
(function () {
  'use strict';
  var field = document.getElementById('find');
  var list = document.getElementById('found');
  if (!field || !window.rp_index) return;
  var chosen = -1;

  // All words must occur; a row that begins with the text comes first.
  function rank(row, words) {
    var text = row[0].toLowerCase(), sum = 0;
    for (var i = 0; i < words.length; i++) {
      var at = text.indexOf(words[i]);
      if (at < 0) return -1;
      sum += at === 0 ? 0 : /[\s:_(]/.test(text[at - 1]) ? 1 : 4;
    }
    return sum + text.length / 100;
  }
  function matches(text) {
    var words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    return window.rp_index.map(function (row) {
      return {row: row, rank: rank(row, words)};
    }).filter(function (hit) {
      return hit.rank >= 0;
    }).sort(function (a, b) {
      return a.rank - b.rank;
    }).slice(0, 14);
  }
  function add(row) {
    var link = document.createElement('a');
    var place = document.createElement('small');
    link.href = row[2];
    link.setAttribute('role', 'option');
    link.textContent = row[0];
    place.textContent = row[1];
    link.appendChild(place);
    list.appendChild(link);
  }
  function show() {
    var hits = matches(field.value);
    list.textContent = '';
    list.hidden = !field.value.trim();
    hits.forEach(function (hit) { add(hit.row); });
    if (!hits.length) {
      var none = document.createElement('p');
      none.textContent = 'nothing found';
      list.appendChild(none);
    }
    choose(hits.length ? 0 : -1);
  }
  function choose(index) {
    var links = list.querySelectorAll('a');
    chosen = Math.max(-1, Math.min(index, links.length - 1));
    links.forEach(function (link, i) {
      link.setAttribute('aria-selected', String(i === chosen));
    });
  }

  field.addEventListener('input', show);
  field.addEventListener('keydown', function (event) {
    if (event.key === 'ArrowDown') choose(chosen + 1);
    else if (event.key === 'ArrowUp') choose(Math.max(0, chosen - 1));
    else if (event.key === 'Escape') { field.value = ''; show(); field.blur(); }
    else if (event.key === 'Enter' && chosen >= 0) {
      location.href = list.querySelectorAll('a')[chosen].href;
    } else return;
    event.preventDefault();
  });
  document.addEventListener('keydown', function (event) {
    if (event.key !== '/' || event.target === field) return;
    field.focus();
    event.preventDefault();
  });
})();
