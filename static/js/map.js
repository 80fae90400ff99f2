// Puts the list of venues onto a map; the list is complete without it. Tiles come from this site or not at all.
(() => {
  "use strict";
  const number = (element, name) => Number.parseFloat(element.dataset[name]);

  function lines(map) {
    // Meridians and parallels at a distance that suits the zoom, where there are no tiles.
    const grid = L.layerGroup().addTo(map);
    const draw = () => {
      grid.clearLayers();
      const shown = map.getBounds();
      const wide = shown.getEast() - shown.getWest();
      const step = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30].find((one) => wide / one < 12) || 60;
      const line = (ends) => L.polyline(ends, { className: "map-line", interactive: false }).addTo(grid);
      for (let at = Math.ceil(shown.getWest() / step) * step; at < shown.getEast(); at += step) {
        line([[-85, at], [85, at]]);
      }
      for (let at = Math.ceil(shown.getSouth() / step) * step; at < shown.getNorth(); at += step) {
        line([[at, shown.getWest() - wide], [at, shown.getEast() + wide]]);
      }
    };
    map.on("moveend", draw);
    draw();
  }

  function rings(map, here, radius) {
    const label = (km) => `${km.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} km`;
    [radius / 4, radius / 2, radius].forEach((km) => {
      const ring = L.circle(here, { radius: km * 1000, className: "map-ring", interactive: false }).addTo(map);
      const top = [ring.getBounds().getNorth(), here[1]];
      L.tooltip({ permanent: true, direction: "center", className: "map-label" })
        .setLatLng(top).setContent(label(km)).addTo(map);
    });
  }

  function spots(map) {
    const group = L.featureGroup().addTo(map);
    document.querySelectorAll("#places [data-latitude]").forEach((place) => {
      const at = [number(place, "latitude"), number(place, "longitude")];
      const about = "about" in place.dataset;
      const size = Math.min(20, 7 + 2.5 * Math.log2(1 + number(place, "number")));
      const spot = L.circleMarker(at, { radius: size, className: about ? "map-about" : "map-spot" });
      const words = document.createElement("div");
      [...place.children].forEach((child) => words.append(child.cloneNode(true)));
      spot.bindPopup(words).addTo(group);
    });
    return group;
  }

  // Leaflet empties a tile with a data: address, which our policy forbids; ours are simply dropped.
  function tilesFrom(element) {
    const Tiles = L.TileLayer.extend({
      _abortLoading() {},
      _removeTile(key) { L.GridLayer.prototype._removeTile.call(this, key); },
    });
    return new Tiles(element.dataset.tiles, { maxZoom: 19, attribution: element.dataset.attribution });
  }

  function show(element) {
    element.hidden = false;
    const map = L.map(element, { zoomControl: false, worldCopyJump: true, maxZoom: 19, fadeAnimation: false });
    map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: element.dataset.zoomIn, zoomOutTitle: element.dataset.zoomOut }).addTo(map);
    const here = [number(element, "latitude"), number(element, "longitude")];
    const radius = number(element, "radius");
    map.setView([59.33, 18.06], 5);
    if (element.dataset.tiles) tilesFrom(element).addTo(map);
    if (!Number.isNaN(here[0])) {
      rings(map, here, radius);
      L.circleMarker(here, { radius: 7, className: "map-here" }).bindPopup(element.dataset.here).addTo(map);
    }
    const group = spots(map);
    if (!Number.isNaN(here[0])) {
      map.fitBounds(L.latLng(here).toBounds(radius * 2200));
    } else if (group.getLayers().length) {
      map.fitBounds(group.getBounds().pad(0.15), { maxZoom: 14 });
    }
    if (!element.dataset.tiles) lines(map);
  }

  const start = () => {
    const element = document.querySelector("[data-map][hidden]");
    if (!element) return;
    if (window.L) show(element);
  };
  document.addEventListener("htmx:afterSettle", start);
  start();
})();
