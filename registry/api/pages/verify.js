"use strict";
(function () {
  var DATA = JSON.parse(document.getElementById("data").textContent);
  var SIGNATURE = 64, TIMEOUT = 6000;
  // What each result is called, what it means, and how the frame is coloured.
  var SAID = {
    good: ["good", "真实，今日有效", "Genuine, in force today",
      "签名无误，今日状况文件中没有暂停、退出或者换发。",
      "The signature is right, and today's status names no suspension, exit or newer edition."],
    early: ["wait", "真实，期限还没有开始", "Genuine, its term has not begun",
      "签名无误，起始日还没有到。", "The signature is right; the first day is still to come."],
    looking: ["wait", "签名真实，正在查询今日状况 …", "Genuine; asking for today's state …",
      "请稍候。", "One moment."],
    unknown: ["wait", "{day}签发时真实，今日状况未知",
      "Genuine as issued on {day}; today's state unknown",
      "签名无误，但没有读到今日的状况文件，不知道此后是否暂停、退出或者换发。",
      "The signature is right, but today's status could not be read: it may have been suspended, "
      + "withdrawn or replaced since."],
    over: ["stop", "真实，但期限已过", "Genuine, but its term is over",
      "通知书载明的期限已满，不能再凭它进入。", "The last day on the notice has passed."],
    suspended: ["stop", "真实，但已暂停执行", "Genuine, but suspended",
      "恢复执行之前不再办理。", "Nothing is done by it until it is resumed."],
    withdrawn: ["stop", "真实，但已退出", "Genuine, but withdrawn",
      "该事项已经退出本社区（村）。", "The matter has left this community."],
    ended: ["stop", "真实，但已办结或者提前到期", "Genuine, but over before its last day",
      "该事项在本社区（村）已经结束。", "The matter has ended in this community."],
    replaced: ["stop", "真实，但已换发新版", "Genuine, but replaced by a newer edition",
      "请对方出示新版通知书。", "Ask to be shown the newer edition."],
    revoked: ["stop", "签名密钥已吊销", "The signing key was revoked",
      "签发它的密钥遗失或者外泄，本码不能证明任何事情。请对方出示换发的通知书。",
      "The key that signed it was lost or copied, so the code proves nothing. Ask for the notice "
      + "that was issued anew."],
    forged: ["stop", "伪造或者被改动", "Forged or altered",
      "签名不符，不是本页所列区县签发的通知书。凭单进入、无单可拒。",
      "The signature is not that of any county on this page. Without a notice nobody need be let in."],
    stranger: ["stop", "伪造，或者密钥不在本页", "Forged, or signed by a key this page lacks",
      "本页没有签发它的密钥。本页生成以后才启用的密钥，请打开最新的核验页再查。",
      "This page does not hold the key that is named. If the key is newer than this page, open the "
      + "latest one."],
    unable: ["wait", "本机浏览器太旧，无法核验", "This browser is too old to check it",
      "本页对这张通知书没有作出任何判断。请换一部手机或者电脑再查。",
      "Nothing was found out about the notice. Use another phone or a computer."],
    broken: ["stop", "二维码不完整，或者不是通知书", "Cut off, or no code of a notice",
      "请重新扫描；仍然如此的，不能作为凭据。", "Scan again; if it stays so, it is no proof."],
  };

  function octets(text) {
    var found = [], at, piece, value;
    if (!/^[0-9]+$/.test(text)) { return null; }
    for (at = 0; at < text.length; at += 5) {
      piece = text.slice(at, at + 5);
      value = parseInt(piece, 10);
      if (piece.length === 5 && value < 65536) { found.push(value >> 8, value & 255); }
      else if (piece.length === 3 && value < 256) { found.push(value); }
      else { return null; }
    }
    return new Uint8Array(found);
  }

  function unbase(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return new Uint8Array(Array.prototype.map.call(raw, function (c) { return c.charCodeAt(0); }));
  }

  /** Strict as RFC 8032 and the registry: the library alone takes points of small order in R. */
  function right(key, signed, signature) {
    if (signature.length !== SIGNATURE) { return false; }
    try {
      var ed = self.nobleEd25519, known = unbase(key.public);
      var owner = ed.Point.fromHex(known), nonce = ed.Point.fromHex(signature.slice(0, 32));
      return owner.isTorsionFree() && nonce.isTorsionFree() && !nonce.is0()
        && ed.verify(signature, signed, known, { zip215: false });
    } catch (_) { return false; }
  }

  function dated(day) { return day.replace(/^(....)(..)(..)$/, "$1-$2-$3"); }

  // For whoever wants to try the arithmetic of this page on its own.
  self.signatureIsRight = right;

  function keyOf(id, county) {
    return DATA.keys.filter(function (k) { return k.id === id && k.county === county; })[0];
  }

  /** The notice a code holds: {result} where it proves nothing, {notice, key} where it is genuine. */
  function read(text) {
    var all = octets(text), signed, parts, key;
    if (!all || all.length <= SIGNATURE) { return { result: "broken" }; }
    signed = all.subarray(0, all.length - SIGNATURE);
    try {
      parts = JSON.parse(new TextDecoder("gb18030", { fatal: true }).decode(signed));
    } catch (_) { return { result: "broken" }; }
    if (!Array.isArray(parts) || parts[0] !== 1 || (parts.length !== 8 && parts.length !== 12)) {
      return { result: "broken" };
    }
    key = keyOf(parts[7], parts[1]);
    if (!key) { return { result: "stranger" }; }
    // A browser without big integers does not run the library: that makes nobody a forger.
    if (!self.nobleEd25519) { return { result: "unable" }; }
    if (!right(key, signed, all.subarray(all.length - SIGNATURE))) { return { result: "forged" }; }
    return {
      key: key,
      notice: {
        county: parts[1], number: parts[2], edition: parts[3], issued: dated(parts[4]),
        starts: dated(parts[5]), ends: dated(parts[6]), key: parts[7],
        open: parts.length === 12, title: parts[8], scope: parts[9],
        // 社区代码 within its county: the first six digits are the county's own.
        code: parts[1] + parts[10], fen: parts[11],
      },
    };
  }

  /** A status file's content where its signature is right and it is this county's; else null. */
  function status(file, county) {
    try {
      var told = JSON.parse(file.status), key = keyOf(file.key, county);
      var signed = new TextEncoder().encode(file.status);
      if (!key || key.revoked || told.form !== 1 || told.county !== county) { return null; }
      return right(key, signed, unbase(file.signature)) ? told : null;
    } catch (_) { return null; }
  }

  function asked(url) {
    if (!self.fetch) { return Promise.resolve(null); }
    var stop = self.AbortController ? new AbortController() : null;
    var options = { cache: "no-store", credentials: "omit" };
    if (stop) { options.signal = stop.signal; setTimeout(function () { stop.abort(); }, TIMEOUT); }
    return fetch(url, options)
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .catch(function () { return null; });
  }

  /** The latest true status of a county, and the keys that any of them says are revoked. */
  function statuses(county) {
    var local = /^https?:$/.test(location.protocol) && !DATA.served ? ["status.json"] : [];
    var urls = local.concat(DATA.public_url + "/public/status.json?county=" + county);
    return Promise.all(urls.map(asked)).then(function (files) {
      var good = [], gone = {};
      files.forEach(function (file) {
        var told = file && status(file, county);
        if (told) {
          good.push(told);
          told.revoked.forEach(function (one) { gone[one.key] = one.since; });
        }
      });
      good = good.filter(function (told) { return !gone[told.key]; });
      good.sort(function (a, b) { return a.on < b.on ? 1 : a.on > b.on ? -1 : b.serial - a.serial; });
      return { latest: good[0], gone: gone };
    });
  }

  function today() {
    return new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);
  }

  /** The latest day known of: a phone whose clock is slow is put right by what is signed. */
  function dayOf(notice, told) {
    return [today(), notice.issued, told ? told.on : ""].sort()[2];
  }

  /** What is to be said of a genuine notice, given the latest status. */
  function judged(notice, found) {
    var told = found.latest, day = dayOf(notice, told);
    var name = notice.number + "/" + notice.edition;
    var listed = told && ["withdrawn", "replaced", "ended", "suspended"].filter(function (list) {
      return told[list].indexOf(name) >= 0;
    })[0];
    if (listed) { return listed; }
    if (notice.ends && notice.ends < day) { return "over"; }
    if (!told || told.on < day) { return "unknown"; }
    return notice.starts && notice.starts > day ? "early" : "good";
  }

  function made(tag, text, english) {
    var element = document.createElement(tag);
    element.appendChild(document.createTextNode(text));
    if (english) {
      element.appendChild(document.createTextNode(" "));
      var other = document.createElement("span");
      other.className = "en";
      other.lang = "en";
      other.textContent = english;
      element.appendChild(other);
    }
    return element;
  }

  function say(result, more, day) {
    var box = document.getElementById("result"), said = SAID[result].map(function (words) {
      return words.replace("{day}", day || "");
    });
    box.textContent = "";
    box.setAttribute("data-tone", said[0]);
    box.appendChild(made("h2", said[1], said[2]));
    box.appendChild(made("p", said[3], said[4]));
    (more || []).forEach(function (line) { box.appendChild(made("p", line[0], line[1])); });
    document.body.setAttribute("data-result", result);
  }

  function yuan(fen) {
    var text = String(fen).padStart(3, "0");
    return text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",") + "." + text.slice(-2) + " 元";
  }

  function tell(notice) {
    var list = document.getElementById("told"), county = DATA.counties.filter(function (c) {
      return c.code === notice.county;
    })[0];
    var edition = notice.edition > 1 ? "（第" + notice.edition + "版 edition " + notice.edition + "）" : "";
    var lines = [["文号 Number", notice.number + edition]];
    if (notice.open) {
      lines.push(["事项 Matter", notice.title]);
      lines.push(["进入范围 Community", notice.scope + " " + notice.code]);
    }
    lines.push(["期限 Term", (notice.starts || "不限") + " — " + (notice.ends || "长期")]);
    if (notice.open) { lines.push(["本社区（村）核定经费 Money for this community", yuan(notice.fen)]); }
    else {
      lines.push(["事项和金额 Matter and money",
        "本事项不对外公开，本页只核验文号和期限。 Not for the public: number and term only."]);
    }
    lines.push(["签发 Issued", notice.issued + (county ? "，" + county.name : "")]);
    lines.push(["签名密钥 Key", notice.key]);
    lines.forEach(function (line) {
      list.appendChild(made("dt", line[0]));
      list.appendChild(made("dd", line[1]));
    });
  }

  /** 现名: the paper prints the name of its day. */
  function renamed(notice, told) {
    return (told.renamed || []).filter(function (one) {
      return notice.open && one.code === notice.code && one.was === notice.scope;
    }).map(function (one) {
      return ["通知书所写的" + one.was + "，现为" + one.now + " " + one.now_code + "。",
        "The community on the paper bears another name today."];
    });
  }

  function settle(notice, key, found) {
    var gone = key.revoked || found.gone[key.id], told = found.latest, more = [];
    if (gone) {
      say("revoked", [["吊销起算：" + gone, "Revoked from: " + gone]]);
      return;
    }
    if (told) {
      more = more.concat(renamed(notice, told));
      more.push(["状况文件：" + told.on + "，第" + told.serial + "号。",
        "Status of " + told.on + ", number " + told.serial + "."]);
      if (told.on < dayOf(notice, told)) {
        more.push(["今日的状况文件没有读到，以上截至该日。",
          "Today's could not be read: the above is as of that day."]);
      }
    }
    say(judged(notice, found), more, notice.issued);
  }

  var turn = 0;
  function check() {
    var mine = turn += 1, text = location.hash.slice(1);
    document.getElementById("told").textContent = "";
    document.body.removeAttribute("data-settled");
    foot("");
    if (!text) { return; }
    var found = read(text);
    if (found.result) {
      say(found.result);
      document.body.setAttribute("data-settled", "");
      return;
    }
    tell(found.notice);
    foot(found.notice.county);
    if (found.key.revoked) { settle(found.notice, found.key, { gone: {} }); }
    else { say("looking"); }
    statuses(found.notice.county).then(function (status) {
      if (mine !== turn) { return; }
      settle(found.notice, found.key, status);
      document.body.setAttribute("data-settled", "");
    });
  }

  /** 投诉建议: where to, of the county whose notice it is; of all where none is known. */
  function foot(code) {
    var box = document.getElementById("foot");
    box.textContent = "";
    if (DATA.banner) { box.appendChild(made("p", DATA.banner)); }
    DATA.counties.forEach(function (county) {
      if (code && county.code !== code) { return; }
      var whom = [county.office || county.name, county.telephone].filter(Boolean).join(" ");
      box.appendChild(made("p", "投诉建议：" + whom, "Complaints and suggestions"));
    });
    box.appendChild(made("p", "伪造的二维码可以指向伪造的核验页：请看清网址，或者自己打开本页再粘贴。",
      "A forged code may lead to a forged page: look at the address, or open this page yourself."));
    box.appendChild(made("p", "本页网址：" + DATA.public_url + "/verify，生成于 " + DATA.made_on,
      "Address and day of this page"));
  }

  document.getElementById("ask").addEventListener("submit", function (event) {
    event.preventDefault();
    var text = document.getElementById("code").value.replace(/^[\s\S]*#/, "").replace(/\s+/g, "");
    if (location.hash === "#" + text) { check(); } else { location.hash = text; }
  });
  self.addEventListener("hashchange", check);
  check();
}());
