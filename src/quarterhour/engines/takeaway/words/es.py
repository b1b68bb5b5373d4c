"""Spanish."""

FACTS = """
es esta son estan tiene tienen quiere puede podria sabe cree piensa dice recomienda aconseja prefiere teme duda
ha han habia fue era tuvo hizo gana conoce necesita siente espera gusta = de que en
"""
PAST = "fue hizo dijo tuvo estuvo puso pudo quiso vino trajo era habia"
PAST_ENDINGS = r"(?!)"
MODALS = "puede podria deberia quisiera"
PASSING = "tambien aun todavia ya luego despues primero le lo la les se me te nos hoy manana solo"
NEVER = "no nunca nadie nada ningun ninguna tampoco"
WE = "nosotros ambos juntos"
FIRST = "yo me"
SECOND = "tu usted te"
HE = "el"
SHE = "ella"
JOINS = "y & + con e"
COMMON = "para como este esta pero mas sobre cuando todo todos semana mes dias antes despues tambien quien hacer hace"
PROMISE = r"""
va a
voy a
vamos a
tiene que
debe
se compromete a
promete
"""
MAYBE = r"""
quizas?
tal vez
a lo mejor
podria
podrian
algun dia
habria que
no ha decidido
no decidio
lo piensa
se lo piensa
ya vera
"""
CONDITION = r"""
si
en caso de
siempre que
a menos que
salvo que
depende
"""
ASKING = r"(?:pregunta|preguntar|mira|mirar|ve|ver|verifica|averigua|sabe)(?: \w+){0,3} si"
OFFER = r"""
si (?:quieres|quiere|necesitas)
cuando quieras
disponible
se ofrece
con gusto
"""
CANCEL = r"""
cancelado
cancelada
olvidalo
ya no
no hace falta
dejalo
mejor no
descartado
"""
THEN = r"para entonces|hasta entonces|antes de eso|el mismo dia"
BEFORE = r"antes de|antes del"
INSTEAD = r"""
en vez de eso
mejor
en su lugar
cambiado a
no,
"""
AGREED = r"""
ok
si
vale
de acuerdo
claro
gracias
perfecto
listo
hecho
"""
REQUEST = r"""
puedes
podrias
puede usted
por favor
"""
OTHERS = r"""
(?:el|la|los|las|su|sus|mi|nuestro|nuestra) (?:[a-z-]+ ){1,3}(?:va a|van a|enviara|confirmara)
"""
SHOULD = r"""
nunca
siempre
primero
no
hay que
mejor
solo
haga
evitar
"""
TO_DO = """
acciones
tareas
pendientes
proximos pasos
compromisos
acuerdos
por hacer
quien hace que
"""
NOT_TO_DO = """
ideas
hecho
mas adelante
quizas
descartado
"""
NEUTRAL = """
contexto
consejos
notas
preguntas
"""
DEEDS = """
envia manda llama escribe pregunta pide prepara hace revisa busca contacta lee anota toma comparte muestra
cuenta reserva compara calcula habla visita responde redacta corrige imprime firma da encuentra elige empieza
termina pasa consulta
"""
ORDERS = """
enviar mandar llamar escribir preguntar pedir preparar hacer revisar buscar contactar leer anotar compartir
mostrar contar reservar comparar calcular hablar visitar responder redactar corregir consultar
"""
