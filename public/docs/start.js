/** Shows /openapi.json. A file of its own, because the page's Content-Security-Policy allows no inline script. */
window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'list',
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null, // or the page asks another host
})
