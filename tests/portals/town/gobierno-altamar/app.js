// The whole portal is written by this script: without a browser there is nothing to read.
const pages = {
  inicio: `<h1>Gobierno Regional de Altamar</h1>
<p>Portal del gobierno regional.</p>
<h2>Noticias</h2>
<ul><li>{{days_ago:4:es}}: Inauguran puente sobre el río Salado</li><li>{{days_ago:17:es}}: Abre la campaña de vacunación del ganado</li><li>{{days_ago:33:es}}: Consejo regional aprueba ordenanza de pesca</li></ul>
<h2>Presupuesto aprobado {{years_ago:0}}</h2>
<table><caption>Presupuesto Institucional de Apertura {{years_ago:0}}, en soles</caption><tr><th scope="col">Rubro</th><th scope="col">Monto</th></tr>
<tr><td>Personal</td><td>S/ 84 300 000,00</td></tr><tr><td>Bienes y servicios</td><td>S/ 41 120 000,00</td></tr><tr><td>Inversiones</td><td>S/ 120 900 000,00</td></tr></table>
<p><a href="docs/presupuesto.pdf">Presupuesto {{years_ago:0}} (PDF)</a></p>
<h2>Ordenanzas regionales</h2>
<ul><li><a href="docs/ordenanza-08.pdf">Ordenanza Regional N.° 08-{{years_ago:0}}: pesca artesanal</a>, {{days_ago:33:dmy}}</li></ul>`,
  organizacion: `<h1>Organización</h1><h2>Estructura orgánica</h2>
<ul><li>Consejo Regional</li><li>Gobernación Regional</li><li>Gerencia General Regional</li><li>Dirección Regional de Salud</li><li>Dirección Regional de Educación</li></ul>
<h2>Directorio de funcionarios</h2>
<table><caption>Funcionarios</caption><tr><th scope="col">Nombre</th><th scope="col">Cargo</th><th scope="col">Teléfono</th></tr>
<tr><td>Óscar Bustinza Vilca</td><td>Gobernador Regional</td><td>(052) 555 300</td></tr><tr><td>Norma Chávez Lira</td><td>Vicegobernadora Regional</td><td>(052) 555 301</td></tr><tr><td>Raúl Ticona Nina</td><td>Gerente General Regional</td><td>(052) 555 302</td></tr></table>`,
  contacto: `<h1>Contacto</h1><p>Av. del Puerto 800, Altamar. Teléfono (052) 555 300. Correo: mesa@altamar.invalid</p>
<form action="index.html" method="post"><label for="c">Correo electrónico</label><input type="email" id="c" name="correo"><label for="m">Mensaje</label><textarea id="m" name="mensaje"></textarea><button type="submit">Enviar mensaje</button></form>`,
};
const menu = `<header><nav aria-label="Principal"><a href="#inicio">Inicio</a> <a href="#organizacion">Organización</a> <a href="#contacto">Contacto</a> <a href="https://www.facebook.com/goreAltamarOficial">Facebook</a></nav></header>`;
function draw() {
  document.getElementById('app').innerHTML = menu + '<main>' + Object.values(pages).join('') + '</main>';
}
draw();
