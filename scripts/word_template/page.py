"""Pages: margins, the number on top, the marks of a demonstration, and sections that lie on their side."""

from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section, _Header
from docx.shared import Mm

from word_template.bare import FONT
from word_template.pieces import add

MARGINS = {"top_margin": Mm(25), "bottom_margin": Mm(20), "left_margin": Mm(30), "right_margin": Mm(20)}


def set_page(section: Section) -> None:
    for name, value in MARGINS.items():
        setattr(section, name, value)
    section.header_distance, section.footer_distance = Mm(10), Mm(10)
    section.different_first_page_header_footer = True


def add_page_header(header: _Header, *, has_number: bool) -> None:
    header.is_linked_to_previous = False
    first = header.paragraphs[0]
    first.style = "Số trang"
    if has_number:
        for piece in (
            '<w:fldChar w:fldCharType="begin"/>', '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>', "<w:t>2</w:t>", '<w:fldChar w:fldCharType="end"/>',
        ):  # fmt: skip
            first._p.append(parse_xml(f"<w:r {nsdecls('w')}>{piece}</w:r>"))
    add(header, "Thẻ lệnh", "{%p if demonstration_mark %}")
    add(header, "Dấu trình diễn", "{{ demonstration_mark }}")
    add(header, "Thẻ lệnh", "{%p endif %}")
    add(header, "Thẻ lệnh", "{%p if watermark %}")
    add(header, "Ngắt phần", "")._p.append(parse_xml(_WATERMARK))
    add(header, "Thẻ lệnh", "{%p endif %}")


_WATERMARK = f"""<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office">
<w:rPr><w:noProof/></w:rPr><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>
<v:f eqn="sum @6 0 @5"/></v:formulas>
<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"
o:connectangles="270,180,90,0"/>
<v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="ChuChim" o:spid="_x0000_s2049" type="#_x0000_t136" alt="{{{{ watermark }}}}"
style="position:absolute;margin-left:0;margin-top:0;width:420pt;height:95pt;rotation:315;z-index:-251658752;\
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;\
mso-position-vertical-relative:margin" fillcolor="#ebebeb" stroked="f">
<v:textpath style="font-family:&quot;{FONT}&quot;;font-size:1pt" string="{{{{ watermark }}}}"/>
</v:shape></w:pict></w:r>"""


def end_section(word: Word) -> None:
    """End a section here; what follows is landscape."""
    section = word.add_section(WD_SECTION.NEW_PAGE)
    holder = next(p for p in reversed(word.paragraphs) if p._p.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None)
    holder.style = "Ngắt phần"
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    set_page(section)
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    numbers = parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>')
    section._sectPr.find(qn("w:pgMar")).addnext(numbers)
